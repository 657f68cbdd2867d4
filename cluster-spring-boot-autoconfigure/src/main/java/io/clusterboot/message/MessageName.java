package io.clusterboot.message;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names a kind of message. Without it the name of the class is used, so that workers of
 * two generations understand each other as long as the class is not moved.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface MessageName {

	/**
	 * Return the name.
	 * @return the name, of 1 to 200 characters
	 */
	String value();

}
