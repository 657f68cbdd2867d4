package io.clusterboot.it.variant;

import java.security.Principal;

import jakarta.servlet.http.HttpSession;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with a form login, and something in the session of whoever is logged in.
 */
@AutoConfiguration
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
