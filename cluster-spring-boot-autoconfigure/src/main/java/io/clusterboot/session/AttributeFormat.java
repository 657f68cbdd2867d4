package io.clusterboot.session;

/**
 * How the value of an attribute becomes bytes, and bytes a value. Any exception or
 * linkage error says that it does not.
 */
interface AttributeFormat {

	/**
	 * What the bytes of this format begin with, so that nobody reads those of another.
	 * @return a number that no other format has
	 */
	byte id();

	/**
	 * Return what a user may do about a value that this format cannot write.
	 * @return the advice, as the end of a sentence
	 */
	String advice();

	byte[] write(Object value) throws Exception;

	Object read(byte[] bytes) throws Exception;

}
