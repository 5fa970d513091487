package dev.zonekeeper.cli;

import picocli.CommandLine.Command;

/** {@code zonekeeper key}: who may change what. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Add, remove and list the keys that clients sign their updates with.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {KeyAdd.class, KeyRemove.class, KeyList.class})
final class KeyCommand {}
