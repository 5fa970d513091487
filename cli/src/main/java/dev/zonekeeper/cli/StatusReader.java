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
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks every agent for its status, all at once; one that hangs costs no more than the time-out. */
final class StatusReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ClusterFolder folder;

  StatusReader(ClusterFolder folder) {
    this.folder = folder;
  }

  /** The cluster as it is now. */
  ClusterStatus read() throws IOException, CommandFailed {
    ClusterFile cluster = folder.cluster();
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
    return ClusterStatus.of(cluster, folder.lease(), members);
  }

  private MemberStatus ask(ClusterFile.Member member) throws IOException {
    MemberProcess process = new MemberProcess(folder.member(member.name()));
    OptionalLong agent = process.agent();
    if (agent.isEmpty()) {
      boolean ran = Files.exists(folder.member(member.name()).log());
      String why = ran ? "its agent is not running" : "it was never started";
      return MemberStatus.silent(member, agent, process.named(), why);
    }
    try {
      JsonNode answer = get(member);
      if (answer.path("name").asText().equals(member.name())) {
        return MemberStatus.of(member, answer);
      }
      return MemberStatus.silent(
          member, agent, process.named(), "something else answers on its HTTP port");
    } catch (SocketTimeoutException hangs) {
      return MemberStatus.silent(
          member,
          agent,
          process.named(),
          "its agent does not answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ConnectException notYet) {
      return MemberStatus.silent(member, agent, process.named(), "its agent is starting");
    } catch (IOException closed) {
      return MemberStatus.silent(
          member, agent, process.named(), "its agent does not answer: " + closed.getMessage());
    }
  }

  private static JsonNode get(ClusterFile.Member member) throws IOException {
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
