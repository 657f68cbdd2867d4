package io.clusterboot.session;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.contract.SessionFormat;
import jakarta.servlet.http.Cookie;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.DisabledException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.authority.FactorGrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what Spring Security keeps in a session, as JSON and as Java writes it.
 */
class SecurityAttributesTests {

	static Stream<AttributeFormat> formats() {
		return Stream.of(SessionFormat.values()).map((format) -> {
			ClassLoader classLoader = SecurityAttributesTests.class.getClassLoader();
			return (format == SessionFormat.JSON) ? new JsonFormat(classLoader) : new JavaFormat(classLoader);
		});
	}

	@SuppressWarnings("unchecked")
	private static <T> T roundTrip(AttributeFormat format, T value) throws Exception {
		return (T) format.read(format.write(value));
	}

	private static UsernamePasswordAuthenticationToken login(Object principal, Object credentials) {
		UsernamePasswordAuthenticationToken login = UsernamePasswordAuthenticationToken.authenticated(principal,
				credentials, List.of(new SimpleGrantedAuthority("ROLE_USER"),
						FactorGrantedAuthority.fromAuthority(FactorGrantedAuthority.PASSWORD_AUTHORITY)));
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setRemoteAddr("127.0.0.9");
		request.getSession(true);
		login.setDetails(new WebAuthenticationDetails(request));
		return login;
	}

	@ParameterizedTest
	@MethodSource("formats")
	void formLoginComesBack(AttributeFormat format) throws Exception {
		UserDetails user = User.withUsername("ann").password("{noop}secret").roles("USER", "ADMIN").build();
		SecurityContext context = new SecurityContextImpl(login(user, "secret"));
		SecurityContext back = roundTrip(format, context);
		assertThat(back).isEqualTo(context).isInstanceOf(SecurityContextImpl.class);
		Authentication authentication = back.getAuthentication();
		assertThat(authentication).isNotNull();
		assertThat(authentication.isAuthenticated()).isTrue();
		assertThat(authentication.getName()).isEqualTo("ann");
		assertThat(authentication.getDetails()).isEqualTo(context.getAuthentication().getDetails());
		assertThat(authentication.getAuthorities()).extracting(GrantedAuthority::getAuthority)
			.containsExactlyInAnyOrder("ROLE_USER", FactorGrantedAuthority.PASSWORD_AUTHORITY);
		assertThat(((User) authentication.getPrincipal()).getPassword()).isEqualTo("{noop}secret");
	}

	@ParameterizedTest
	@MethodSource("formats")
	void loginWithErasedCredentialsComesBack(AttributeFormat format) throws Exception {
		UsernamePasswordAuthenticationToken login = login(
				User.withUsername("ann").password("secret").roles("USER").build(), "secret");
		login.eraseCredentials();
		SecurityContext context = new SecurityContextImpl(login);
		assertThat(roundTrip(format, context)).isEqualTo(context);
	}

	@ParameterizedTest
	@MethodSource("formats")
	void loginWithPrincipalOfTheApplicationComesBack(AttributeFormat format) throws Exception {
		Member member = new Member(7L, "ann", List.of(new SimpleGrantedAuthority("ROLE_USER")));
		SecurityContext back = roundTrip(format, new SecurityContextImpl(login(member, "")));
		assertThat(back.getAuthentication()).isNotNull();
		assertThat(back.getAuthentication().getPrincipal()).usingRecursiveComparison().isEqualTo(member);
		Guest guest = new Guest("bob");
		SecurityContext ofRecord = roundTrip(format, new SecurityContextImpl(login(guest, "")));
		assertThat(ofRecord.getAuthentication()).isNotNull();
		assertThat(ofRecord.getAuthentication().getPrincipal()).isEqualTo(guest);
		assertThat(roundTrip(format, new SecurityContextImpl(login("text", ""))))
			.extracting(SecurityContext::getAuthentication)
			.extracting(Authentication::getPrincipal)
			.isEqualTo("text");
	}

	@ParameterizedTest
	@MethodSource("formats")
	void otherLoginsComeBack(AttributeFormat format) throws Exception {
		List<GrantedAuthority> authorities = AuthorityUtils.createAuthorityList("ROLE_USER");
		User user = new User("ann", "secret", authorities);
		assertThat(
				roundTrip(format, new SecurityContextImpl(new RememberMeAuthenticationToken("key", user, authorities))))
			.isEqualTo(new SecurityContextImpl(new RememberMeAuthenticationToken("key", user, authorities)));
		assertThat(
				roundTrip(format, new SecurityContextImpl(new AnonymousAuthenticationToken("key", "x", authorities))))
			.isEqualTo(new SecurityContextImpl(new AnonymousAuthenticationToken("key", "x", authorities)));
		assertThat(roundTrip(format, new SecurityContextImpl())).isEqualTo(new SecurityContextImpl());
	}

	@ParameterizedTest
	@MethodSource("formats")
	void csrfTokenComesBack(AttributeFormat format) throws Exception {
		CsrfToken token = roundTrip(format, new DefaultCsrfToken("X-CSRF-TOKEN", "_csrf", "value"));
		assertThat(token.getToken()).isEqualTo("value");
		assertThat(token.getHeaderName()).isEqualTo("X-CSRF-TOKEN");
		assertThat(token.getParameterName()).isEqualTo("_csrf");
	}

	@ParameterizedTest
	@MethodSource("formats")
	void savedRequestComesBack(AttributeFormat format) throws Exception {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/owners/1");
		request.setQueryString("page=2");
		request.setParameter("page", "2");
		request.addHeader("Accept", "text/html");
		request.addPreferredLocale(java.util.Locale.GERMANY);
		request.setCookies(new Cookie("name", "value"));
		new HttpSessionRequestCache().saveRequest(request, new MockHttpServletResponse());
		SavedRequest saved = (SavedRequest) request.getSession().getAttribute("SPRING_SECURITY_SAVED_REQUEST");
		SavedRequest back = roundTrip(format, saved);
		assertThat(back).isInstanceOf(DefaultSavedRequest.class);
		assertThat(back.getRedirectUrl()).isEqualTo(saved.getRedirectUrl()).contains("/owners/1?page=2");
		assertThat(back.getMethod()).isEqualTo("GET");
		assertThat(back.getHeaderValues("Accept")).containsExactly("text/html");
		assertThat(back.getParameterMap()).containsOnlyKeys("page");
		assertThat(back.getParameterValues("page")).containsExactly("2");
		assertThat(back.getLocales()).isEqualTo(saved.getLocales());
		assertThat(back.getCookies()).extracting(Cookie::getValue).containsExactly("value");
	}

	static Stream<AuthenticationException> failures() {
		return Stream.of(new BadCredentialsException("Bad credentials"), new LockedException("Locked"),
				new DisabledException("Disabled"), new UsernameNotFoundException("Unknown"),
				new InternalAuthenticationServiceException("Broken",
						new IllegalStateException(new Thread().toString())));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void reasonWhySomebodyCouldNotLogInComesBack(AuthenticationException failure) throws Exception {
		AttributeFormat format = new JsonFormat(getClass().getClassLoader());
		assertThat(roundTrip(format, failure)).hasSameClassAs(failure).hasMessage(failure.getMessage());
	}

	@Test
	void javaFormatUsesTheClassLoaderOfTheApplication() throws Exception {
		ClassLoader classLoader = new ClassLoader(getClass().getClassLoader()) {
		};
		byte[] bytes = new JavaFormat(classLoader).write(new Guest("ann"));
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
		try {
			assertThat(new JavaFormat(classLoader).read(bytes)).isEqualTo(new Guest("ann"));
			AttributeFormat json = new JsonFormat(classLoader);
			assertThat(json.read(json.write(new Guest("ann")))).isEqualTo(new Guest("ann"));
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	record Guest(String name) implements java.io.Serializable {

	}

	static class Member implements UserDetails {

		private final Long id;

		private final String name;

		private final List<SimpleGrantedAuthority> authorities;

		Member(Long id, String name, List<SimpleGrantedAuthority> authorities) {
			this.id = id;
			this.name = name;
			this.authorities = authorities;
		}

		@Override
		public Collection<? extends GrantedAuthority> getAuthorities() {
			return this.authorities;
		}

		@Override
		public String getPassword() {
			return "secret" + this.id;
		}

		@Override
		public String getUsername() {
			return this.name;
		}

	}

}
