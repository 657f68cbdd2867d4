package io.clusterboot.contract;

/**
 * What the attributes of a session are written as.
 */
public enum SessionFormat {

	/**
	 * JSON: the fields of a value, and its class.
	 */
	JSON,

	/**
	 * What Java makes of a serializable object.
	 */
	JAVA

}
