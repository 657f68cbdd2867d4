package io.clusterboot.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command without a verb.
 */
@Command(name = "cluster", description = "See and drive the clusters of this machine.", mixinStandardHelpOptions = true,
		versionProvider = ClusterCommand.Version.class, synopsisSubcommandLabel = "COMMAND",
		subcommands = { ListCommand.class, StatusCommand.class, DescribeCommand.class, ReloadCommand.class,
				AbortCommand.class, ScaleCommand.class, RestartCommand.class, StopCommand.class, LogsCommand.class,
				IncidentsCommand.class, HistoryCommand.class, DiffCommand.class, CurlCommand.class, MonitCommand.class,
				DrillCommand.class, AutoComplete.GenerateCompletion.class, CommandLine.HelpCommand.class },
		footerHeading = "%nExit codes:%n",
		footer = { "  0    what was asked for is so", "  1    the cluster is in a bad state, or it has failed",
				"  2    the command makes no sense", "  3    no such cluster runs",
				"  124  it was not so in time, and may be later" })
final class ClusterCommand implements Runnable {

	@Spec
	private CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "Say what to do, such as 'cluster list'");
	}

	/**
	 * The version that this command is of.
	 */
	static final class Version implements CommandLine.IVersionProvider {

		@Override
		public String[] getVersion() {
			String version = ClusterCommand.class.getPackage().getImplementationVersion();
			return new String[] { "cluster " + ((version != null) ? version : "(not packaged)") };
		}

	}

}
