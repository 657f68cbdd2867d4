package io.clusterboot.sample;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseEntity;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisHttpSession;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * What the sample has more for {@code sessions.sh}: a session with a cart, which is on
 * Redis if {@code sessions=redis}. A session that is lost is not found.
 */
@RestController
class Sessions {

	@PostMapping("/session")
	void create(HttpSession session, @RequestParam int size) {
		session.setAttribute("cart", "x".repeat(size));
	}

	@GetMapping("/session")
	ResponseEntity<String> read(HttpServletRequest request) {
		String cart = cart(request);
		return (cart != null) ? ResponseEntity.ok(cart.substring(0, 8)) : ResponseEntity.notFound().build();
	}

	@PutMapping("/session")
	ResponseEntity<String> write(HttpServletRequest request, @RequestParam int number) {
		String cart = cart(request);
		if (cart == null) {
			return ResponseEntity.notFound().build();
		}
		String changed = "%08d".formatted(number);
		request.getSession().setAttribute("cart", changed + cart.substring(8));
		return ResponseEntity.ok(changed);
	}

	private static String cart(HttpServletRequest request) {
		HttpSession session = request.getSession(false);
		return (session != null) ? (String) session.getAttribute("cart") : null;
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty(name = "sessions", havingValue = "redis")
	@EnableRedisHttpSession
	static class OnRedis {

	}

}
