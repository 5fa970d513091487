package dev.zonekeeper.bench.load;

/** One update under way. */
final class Operation {
  final int client;
  final Change change;
  final Link link;
  final int id;
  final UpdateSigner.Signed signed;
  final long startNanos;
  int transmissions = 1;
  boolean finished;

  Operation(
      int client, Change change, Link link, int id, UpdateSigner.Signed signed, long startNanos) {
    this.client = client;
    this.change = change;
    this.link = link;
    this.id = id;
    this.signed = signed;
    this.startNanos = startNanos;
  }
}
