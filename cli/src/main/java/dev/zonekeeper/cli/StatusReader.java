package dev.zonekeeper.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zonekeeper.agent.config.Addresses;
import dev.zonekeeper.agent.config.ClusterFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks every agent for its status, all at once; one that hangs costs no more than the time-out. */
final class StatusReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Place place;

  StatusReader(Place place) {
    this.place = place;
  }

  /** The cluster as it is now. */
  ClusterStatus read() throws IOException, CommandFailed {
    ClusterFile cluster = place.cluster();
    List<Future<MemberStatus>> asked = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ClusterFile.Member member : cluster.members()) {
        asked.add(threads.submit(() -> ask(member)));
      }
    }
    List<MemberStatus> members = new ArrayList<>();
    for (Future<MemberStatus> one : asked) {
      members.add(result(one));
    }
    return ClusterStatus.of(cluster, place.lease(), members);
  }

  private MemberStatus ask(ClusterFile.Member member) throws IOException {
    Place.Processes seen = place.processes(member);
    if (seen.silence().isPresent()) {
      return silent(member, seen, seen.silence().get());
    }
    try {
      JsonNode answer = get(member);
      if (answer.path("name").asText().equals(member.name())) {
        return MemberStatus.of(member, answer);
      }
      return silent(member, seen, "something else answers on its HTTP port");
    } catch (SocketTimeoutException hangs) {
      return silent(member, seen, "its agent does not answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ConnectException notYet) {
      return silent(member, seen, "its agent is starting");
    } catch (IOException closed) {
      return silent(member, seen, "its agent does not answer: " + closed.getMessage());
    }
  }

  private static MemberStatus silent(ClusterFile.Member member, Place.Processes seen, String why) {
    return MemberStatus.silent(member, seen.agent(), seen.named(), why);
  }

  /** What one agent says of itself. */
  static JsonNode get(ClusterFile.Member member) throws IOException {
    URI uri = URI.create("http://" + Addresses.format(member.http()) + "/status");
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout((int) TIMEOUT.toMillis());
    connection.setReadTimeout((int) TIMEOUT.toMillis());
    try (InputStream answer = connection.getInputStream()) {
      return JSON.readTree(answer);
    } finally {
      connection.disconnect();
    }
  }

  private static MemberStatus result(Future<MemberStatus> asked) throws IOException {
    try {
      return asked.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }
}
