package io.clusterboot.actuate;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.actuate.access.ServletCaller;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@link WebEndpoint @WebEndpoint} that shows the cluster, reloads it and shuts it down.
 */
@WebEndpoint(id = ClusterEndpoint.ID)
public final class ClusterEndpoint {

	/**
	 * Its id.
	 */
	public static final String ID = "cluster";

	private static final int STATUS_ACCEPTED = 202;

	private static final int STATUS_FORBIDDEN = 403;

	private static final String RELOADS = "reloads";

	private static final String INCIDENTS = "incidents";

	private final Cluster operations;

	private final Function<String, Cluster> onBehalfOf;

	private final CallerCheck callerCheck;

	private final BooleanSupplier writable;

	/**
	 * Create the endpoint.
	 * @param operations for whoever only reads
	 * @param onBehalfOf gives the operations of a caller who is known by these words
	 * @param callerCheck says who the caller is and what they may do
	 * @param writable whether anybody at all can write
	 */
	public ClusterEndpoint(Cluster operations, Function<String, Cluster> onBehalfOf, CallerCheck callerCheck,
			BooleanSupplier writable) {
		Assert.notNull(operations, "'operations' must not be null");
		Assert.notNull(onBehalfOf, "'onBehalfOf' must not be null");
		Assert.notNull(callerCheck, "'callerCheck' must not be null");
		Assert.notNull(writable, "'writable' must not be null");
		this.operations = operations;
		this.onBehalfOf = onBehalfOf;
		this.callerCheck = callerCheck;
		this.writable = writable;
	}

	/**
	 * Return the cluster as the primary sees it.
	 * @return a {@link ClusterDescriptor}, or status 503 with the reason
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> cluster() {
		Supplier<Boolean> trusted = SingletonSupplier.of(this.callerCheck::isTrusted);
		return Answers.ask(WebEndpointResponse.STATUS_OK, () -> ClusterDescriptor.of(this.operations.snapshot(),
				describer(trusted), trusted.get(), trusted.get() && this.writable.getAsBoolean()));
	}

	/**
	 * Return the page that shows the cluster to whoever asks with a browser. Where its
	 * headers cannot be sent there is none, and a browser gets what everybody gets.
	 * @return the page, or the answer of {@link #cluster()}
	 */
	@ReadOperation(produces = Page.MEDIA_TYPE)
	public WebEndpointResponse<Object> page() {
		WebEndpointResponse<Object> page = Page.html();
		return (page != null) ? page : Answers.any(cluster(), Page.JSON);
	}

	/**
	 * Return the reloads or incidents that the primary remembers, or a file of the page.
	 * @param operation {@code reloads}, {@code incidents} or the name of a file
	 * @return a {@link Answers.Reloads} or {@link IncidentsDescriptor}, the file, or
	 * another status with the reason
	 */
	@ReadOperation
	public WebEndpointResponse<Object> list(@Selector String operation) {
		WebEndpointResponse<Object> file = Page.file(operation);
		return (file != null) ? file : Answers.any(remembered(operation), null);
	}

	private WebEndpointResponse<OperationResponseBody> remembered(String operation) {
		return ifConsistent(operation, () -> switch (operation) {
			case RELOADS -> Answers.ask(WebEndpointResponse.STATUS_OK,
					() -> new Answers.Reloads(this.operations.reloads().stream().map(describer()).toList()));
			case INCIDENTS -> Answers.ask(WebEndpointResponse.STATUS_OK,
					() -> IncidentsDescriptor.of(this.operations.incidents(), this.callerCheck.isTrusted()));
			default -> unknown(operation);
		});
	}

	/**
	 * Return one reload or incident.
	 * @param operation {@code reloads} or {@code incidents}
	 * @param id its id
	 * @return a {@link ReloadDescriptor} or {@link IncidentReportDescriptor}, or another
	 * status with the reason
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> show(@Selector String operation, @Selector String id) {
		return ifConsistent(operation, () -> switch (operation) {
			case RELOADS -> Answers.ifNumber(id, (number) -> Answers.find(() -> reload(number), describer(),
					WebEndpointResponse.STATUS_OK, "There is no reload " + number + ", or it is too long ago."));
			case INCIDENTS -> Answers.ifNumber(id, (number) -> Answers.find(() -> incident(number), Function.identity(),
					WebEndpointResponse.STATUS_OK, "There is no incident " + number + ", or it is too long ago."));
			default -> unknown(operation);
		});
	}

	/**
	 * End the reload that runs and give every slot back to the old generation.
	 * @param operation {@code reloads}
	 * @param id its id
	 * @param action {@code abort}
	 * @return status 202 with the reload, or another with the reason
	 */
	@WriteOperation
	public WebEndpointResponse<OperationResponseBody> abort(@Selector String operation, @Selector int id,
			@Selector String action) {
		if (!action.equals("abort")) {
			return Answers.reason(WebEndpointResponse.STATUS_NOT_FOUND,
					"There is no operation '" + action + "' of a reload: use 'abort'.");
		}
		if (!operation.equals(RELOADS)) {
			return Answers.reason(WebEndpointResponse.STATUS_NOT_FOUND,
					"There is no '" + operation + "': use 'reloads'.");
		}
		return ifAllowed(operation,
				(theirs) -> Answers.find(() -> theirs.abort(id),
						(reload) -> accepted(reload, "/" + RELOADS + "/" + id + "/abort"), STATUS_ACCEPTED,
						"Reload " + id + " does not run."));
	}

	// What a worker prints may hold secrets, as may reasons
	private Function<ReloadSnapshot, ReloadDescriptor> describer() {
		return describer(SingletonSupplier.of(this.callerCheck::isTrusted));
	}

	private static Function<ReloadSnapshot, ReloadDescriptor> describer(Supplier<Boolean> trusted) {
		return (reload) -> {
			ReloadDescriptor descriptor = ReloadDescriptor.of(reload);
			return (!descriptor.isSecretive() || trusted.get()) ? descriptor : descriptor.forStrangers();
		};
	}

	// Strangers make the primary send nothing that is long
	private @Nullable IncidentReportDescriptor incident(int id) {
		if (this.callerCheck.isTrusted()) {
			IncidentSnapshot incident = this.operations.incident(id);
			return (incident != null) ? IncidentReportDescriptor.of(incident) : null;
		}
		return this.operations.incidents()
			.stream()
			.filter((incident) -> incident.id() == id)
			.findFirst()
			.map((incident) -> IncidentReportDescriptor.of(incident).forStrangers())
			.orElse(null);
	}

	private @Nullable ReloadSnapshot reload(int id) {
		return this.operations.reloads().stream().filter((reload) -> reload.id() == id).findFirst().orElse(null);
	}

	private WebEndpointResponse<OperationResponseBody> ifConsistent(String operation,
			Supplier<WebEndpointResponse<OperationResponseBody>> action) {
		String contradiction = this.callerCheck.contradiction(operation);
		return (contradiction != null) ? Answers.reason(STATUS_FORBIDDEN, contradiction) : action.get();
	}

	private static WebEndpointResponse<OperationResponseBody> unknown(String operation) {
		return Answers.reason(WebEndpointResponse.STATUS_NOT_FOUND,
				(operation.equals("workers"))
						? "The actuator of one worker is at 'workers/SLOT', as in 'workers/0/health', where Spring MVC "
								+ "serves it on the port of the application ('management.server.port')."
						: "There is no '" + operation + "': use 'reloads', 'incidents' or 'workers/SLOT'.");
	}

	/**
	 * Reload the cluster or shut it down. Spring Boot lets no operation that has a body
	 * be called without a content type, which is what {@code curl -X POST} does: hence
	 * one operation without a body and one with.
	 * @param operation {@code reload} or {@code shutdown}
	 * @return status 202 with what was begun, or another with the reason
	 */
	@WriteOperation
	public WebEndpointResponse<OperationResponseBody> operate(@Selector String operation) {
		return operate(operation, null, null);
	}

	/**
	 * Reload, scale or shut down the cluster, as a body says.
	 * @param operation {@code reload}, {@code scale} or {@code shutdown}
	 * @param strategy for a reload: {@code rolling}, {@code parallel}, or {@code null}
	 * for {@code cluster.reload.strategy}
	 * @param workers for scaling: how many workers there should be
	 * @return status 202 with what was begun, or another with the reason
	 */
	@WriteOperation
	public WebEndpointResponse<OperationResponseBody> operate(@Selector String operation, @Nullable String strategy,
			@Nullable Integer workers) {
		return switch (operation) {
			case "reload" -> ifAllowed(operation, (theirs) -> reload(theirs, strategy));
			case "scale" -> ifAllowed(operation, (theirs) -> scale(theirs, workers));
			case "shutdown" -> ifAllowed(operation, ClusterEndpoint::shutdown);
			default -> Answers.reason(WebEndpointResponse.STATUS_NOT_FOUND,
					"There is no operation '" + operation + "': use 'reload', 'scale' or 'shutdown'.");
		};
	}

	private static WebEndpointResponse<OperationResponseBody> scale(Cluster theirs, @Nullable Integer workers) {
		if (workers == null || workers <= 0) {
			return Answers.reason(WebEndpointResponse.STATUS_BAD_REQUEST,
					"'workers' must be a number of workers (1 or more), as in {\"workers\": 4}.");
		}
		try {
			return Answers.ask(STATUS_ACCEPTED, () -> new Answers.Scaling(theirs.scale(workers)));
		}
		catch (IllegalArgumentException ex) {
			return Answers.reason(WebEndpointResponse.STATUS_BAD_REQUEST, ex.getMessage() + ".");
		}
	}

	private WebEndpointResponse<OperationResponseBody> ifAllowed(String operation,
			Function<Cluster, WebEndpointResponse<OperationResponseBody>> action) {
		String refusal = this.callerCheck.refusal(operation);
		return (refusal != null) ? Answers.reason(STATUS_FORBIDDEN, refusal)
				: action.apply(this.onBehalfOf.apply(this.callerCheck.describe()));
	}

	private static WebEndpointResponse<OperationResponseBody> reload(Cluster theirs, @Nullable String strategy) {
		ReloadStrategy parsed = null;
		if (strategy != null) {
			parsed = parseStrategy(strategy);
			if (parsed == null) {
				return Answers.reason(WebEndpointResponse.STATUS_BAD_REQUEST,
						"There is no strategy '" + strategy + "': use 'rolling' or 'parallel'.");
			}
		}
		ReloadStrategy requested = parsed;
		return Answers.ask(STATUS_ACCEPTED, () -> accepted(theirs.reload(requested), "/reload"));
	}

	private static ReloadDescriptor accepted(ReloadSnapshot reload, String operation) {
		return ReloadDescriptor.of(reload, (CallerCheck.isServletApiPresent())
				? ServletCaller.announce("/" + RELOADS + "/" + reload.id(), operation) : null);
	}

	private static @Nullable ReloadStrategy parseStrategy(String strategy) {
		return switch (strategy) {
			case "rolling" -> ReloadStrategy.ROLLING;
			case "parallel" -> ReloadStrategy.PARALLEL;
			default -> null;
		};
	}

	private static WebEndpointResponse<OperationResponseBody> shutdown(Cluster theirs) {
		return Answers.ask(STATUS_ACCEPTED, () -> {
			theirs.shutdown();
			return new Answers.Shutdown(Text.of(ClusterState.STOPPING));
		});
	}

}
