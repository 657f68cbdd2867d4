package io.clusterboot.it.variant;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.system.ApplicationHome;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that says where it is.
 */
@AutoConfiguration
@RestController
public class HomeAutoConfiguration {

	@GetMapping("/home")
	String home() {
		return new ApplicationHome(HomeAutoConfiguration.class).getDir().toString();
	}

}
