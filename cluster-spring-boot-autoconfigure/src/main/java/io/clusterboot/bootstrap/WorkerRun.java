package io.clusterboot.bootstrap;

import io.clusterboot.contract.WriteAccess;
import io.clusterboot.worker.WorkerRuntime;

/**
 * A run of an application as a worker. The bootstrap context has it from when the
 * environment is prepared, and later it is a bean; where there is none, there is no
 * worker.
 *
 * @param runtime the worker's end of the channel
 * @param ports the ports that the application binds itself
 * @param writeAccess who may write through the endpoint
 */
public record WorkerRun(WorkerRuntime runtime, WorkerPorts ports, WriteAccess writeAccess) {

	/**
	 * The name of the bean.
	 */
	public static final String BEAN_NAME = WorkerRun.class.getName();

}
