package cases;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A table of a database, where there is one.
 */
@RestController
class Rows {

	private final JdbcTemplate jdbc;

	Rows(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	@PostMapping("/rows")
	int add() {
		return this.jdbc.update("insert into t values (1)");
	}

	@GetMapping("/rows")
	Integer count() {
		return this.jdbc.queryForObject("select count(*) from t", Integer.class);
	}

}
