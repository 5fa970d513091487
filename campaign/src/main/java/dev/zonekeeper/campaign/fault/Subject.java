package dev.zonekeeper.campaign.fault;

import dev.zonekeeper.campaign.load.Clients;
import dev.zonekeeper.campaign.load.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The servers that a campaign is about. */
public interface Subject extends Clients.Doors, AutoCloseable {
  /** What it is, for the report. */
  String inWords();

  /** Whether this fault can be done to it here. */
  boolean knows(FaultKind kind);

  /**
   * Does a fault.
   *
   * @return empty when it would go too far now, such as to throw away the last good disk
   */
  Optional<Injection> inject(FaultKind kind, RandomGenerator random)
      throws IOException, InterruptedException;

  /** Starts whatever is down. */
  void repair() throws IOException, InterruptedException;

  /** What is missing until it is as good as new, in a sentence; empty when nothing is. */
  Optional<String> missing();

  /** How long to wait for that between faults, before what is down is started. */
  default Duration patience() {
    return Duration.ofSeconds(20);
  }

  /** Takes one server whose content is to be looked at in the end. */
  @FunctionalInterface
  interface Look {
    /** Looks at it. */
    void at(Server server) throws IOException, InterruptedException;
  }

  /** Shows each server, one after the other, at a time when it holds all it should. */
  void show(Look look) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
