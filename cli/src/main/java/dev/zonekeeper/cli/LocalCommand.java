package dev.zonekeeper.cli;

import picocli.CommandLine.Command;

/** {@code zonekeeper local}: a whole cluster on this machine. */
@Command(
    name = "local",
    mixinStandardHelpOptions = true,
    description = "A whole cluster on this machine: start it, watch it, break it.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LocalUp.class,
      LocalStatus.class,
      LocalKill.class,
      LocalStart.class,
      LocalWipe.class,
      LocalLogs.class,
      LocalDown.class
    })
final class LocalCommand {}
