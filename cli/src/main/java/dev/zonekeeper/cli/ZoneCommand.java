package dev.zonekeeper.cli;

import picocli.CommandLine.Command;

/** {@code zonekeeper zone}: the zones of a cluster. */
@Command(
    name = "zone",
    mixinStandardHelpOptions = true,
    description = "Add, remove and list the zones of a running cluster.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ZoneAdd.class, ZoneRemove.class, ZoneList.class})
final class ZoneCommand {}
