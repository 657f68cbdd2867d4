package io.clusterboot.actuate;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import io.clusterboot.PrimaryUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/**
 * Turns what the primary says, and that it says nothing, into answers of the endpoint.
 */
final class Answers {

	private Answers() {
	}

	static WebEndpointResponse<OperationResponseBody> ask(int status, Supplier<OperationResponseBody> question) {
		return find(question, Function.identity(), status, "");
	}

	static <T> WebEndpointResponse<OperationResponseBody> find(Supplier<@Nullable T> question,
			Function<T, ? extends OperationResponseBody> answer, int status, String missing) {
		try {
			T found = question.get();
			return (found != null) ? new WebEndpointResponse<>(answer.apply(found), status)
					: reason(WebEndpointResponse.STATUS_NOT_FOUND, missing);
		}
		catch (PrimaryUnavailableException ex) {
			return reason(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, String.valueOf(ex.getMessage()));
		}
	}

	static WebEndpointResponse<OperationResponseBody> ifNumber(String id,
			IntFunction<WebEndpointResponse<OperationResponseBody>> action) {
		int number;
		try {
			number = Integer.parseInt(id);
		}
		catch (NumberFormatException ex) {
			return reason(WebEndpointResponse.STATUS_BAD_REQUEST, "'" + id + "' is no id: use a number.");
		}
		return action.apply(number);
	}

	static WebEndpointResponse<Object> any(WebEndpointResponse<?> answer, @Nullable MimeType contentType) {
		return new WebEndpointResponse<>(answer.getBody(), answer.getStatus(), contentType);
	}

	static WebEndpointResponse<OperationResponseBody> reason(int status, String reason) {
		return new WebEndpointResponse<>(new Reason(reason), status);
	}

	/**
	 * The reloads that the primary remembers.
	 *
	 * @param reloads the reloads in the order of their ids
	 */
	public record Reloads(List<ReloadDescriptor> reloads) implements OperationResponseBody {

	}

	/**
	 * Says in an answer's body why there is no other.
	 *
	 * @param reason what went wrong and what to do about it
	 */
	public record Reason(String reason) implements OperationResponseBody {

	}

	/**
	 * What an accepted scaling leads to.
	 *
	 * @param target how many workers there will be
	 */
	public record Scaling(int target) implements OperationResponseBody {

	}

	/**
	 * What an accepted shutdown leads to.
	 *
	 * @param state the state that the cluster is going into
	 */
	public record Shutdown(String state) implements OperationResponseBody {

	}

}
