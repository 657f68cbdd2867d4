package io.clusterboot.contract;

/**
 * When a worker gets processors that others want as well.
 */
public enum Precedence {

	/**
	 * Like anybody else.
	 */
	EQUAL,

	/**
	 * Its compilers after others, and on some of the processors only: they have most to
	 * do when it begins to serve.
	 */
	COMPILERS_LATER,

	/**
	 * Like anybody else, but on some of the processors only.
	 */
	BESIDE,

	/**
	 * When nobody else wants them. Where that cannot be, like {@link #BESIDE}.
	 */
	LAST

}
