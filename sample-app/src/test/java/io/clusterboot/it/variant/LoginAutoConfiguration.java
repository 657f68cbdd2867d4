package io.clusterboot.it.variant;

import java.security.Principal;

import io.clusterboot.autoconfigure.ClusterSessionAutoConfiguration;
import jakarta.servlet.http.HttpSession;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisHttpSession;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with a form login, and something in the session of whoever is logged in.
 * Where its sessions are is up to the libraries that it has.
 */
@AutoConfiguration(before = ClusterSessionAutoConfiguration.class)
@EnableWebSecurity
public class LoginAutoConfiguration {

	@Bean
	SecurityFilterChain loginFilterChain(HttpSecurity http) throws Exception {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.requestMatchers("/account").authenticated().anyRequest().permitAll())
			.csrf((csrf) -> csrf.ignoringRequestMatchers("/account", "/actuator/**"))
			.formLogin(Customizer.withDefaults())
			.build();
	}

	// Whoever they are, they know the password
	@Bean
	UserDetailsService users() {
		return (name) -> User.withUsername(name).password("{noop}secret").roles("USER").build();
	}

	/**
	 * What a user writes who wants sessions on Redis.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RedisSessionRepository.class)
	@EnableRedisHttpSession
	static class RedisConfiguration {

	}

	/**
	 * What a user writes who wants sessions in PostgreSQL.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(PostgreSqlJdbcIndexedSessionRepositoryCustomizer.class)
	static class PostgreSqlConfiguration {

		@Bean
		PostgreSqlJdbcIndexedSessionRepositoryCustomizer sessionCustomizer() {
			return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
		}

	}

	/**
	 * What a user has.
	 */
	@RestController
	static class AccountController {

		@GetMapping("/account")
		String read(Principal principal, HttpSession session) {
			return "user=%s balance=%s pid=%d".formatted(principal.getName(), session.getAttribute("balance"),
					ProcessHandle.current().pid());
		}

		@PostMapping("/account")
		String write(@RequestParam int balance, Principal principal, HttpSession session) {
			session.setAttribute("balance", balance);
			return read(principal, session);
		}

	}

}
