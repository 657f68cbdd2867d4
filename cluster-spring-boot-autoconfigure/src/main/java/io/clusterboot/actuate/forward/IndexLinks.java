package io.clusterboot.actuate.forward;

import java.io.IOException;
import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The index of a worker's actuator, whose links lead to where that was asked for. Those
 * of the cluster lead to the cluster.
 */
final class IndexLinks {

	private static final JsonMapper MAPPER = new JsonMapper();

	private static final String LINKS = "_links";

	private static final String HREF = "href";

	private IndexLinks() {
	}

	/**
	 * Rewrite an index.
	 * @param index what the worker has answered
	 * @param base where the index was asked for
	 * @param clusterPath the path of the cluster's endpoint in the index
	 * @param cluster where that is
	 * @return the index, as it is if it is something else
	 * @throws IOException if it cannot be written
	 */
	static byte[] rewrite(byte[] index, String base, String clusterPath, String cluster) throws IOException {
		try {
			JsonNode root = MAPPER.readTree(index);
			if (!(root.path(LINKS) instanceof ObjectNode links)) {
				return index;
			}
			String self = links.path("self").path(HREF).asString("");
			for (Map.Entry<String, JsonNode> link : links.properties()) {
				String href = link.getValue().path(HREF).asString("");
				if (link.getValue() instanceof ObjectNode target && !self.isEmpty() && href.startsWith(self)) {
					String rest = href.substring(self.length());
					target.put(HREF,
							isBelow(rest, clusterPath) ? cluster + rest.substring(clusterPath.length()) : base + rest);
				}
			}
			return MAPPER.writeValueAsBytes(root);
		}
		catch (JacksonException ex) {
			return index;
		}
	}

	private static boolean isBelow(String path, String root) {
		return path.equals(root) || path.startsWith(root + "/");
	}

}
