package dev.zonekeeper.agent.gateway;

import dev.zonekeeper.dns.KeyRing;
import dev.zonekeeper.dns.TsigKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Message;

/** The members and clients of one test. */
final class Scene implements AutoCloseable {

  /** Longer than any test waits. */
  static final Duration LONG = Duration.ofSeconds(30);

  /** For what is to time out. */
  static final Duration SHORT = Duration.ofMillis(200);

  static final TsigKey KEY = TsigKey.generate("update-key.", new SecureRandom());

  private final List<Member> members = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();

  /** Nothing times out. */
  static GatewaySettings patient() {
    return GatewaySettings.DEFAULT.withWriteHold(LONG).withTimeouts(LONG, LONG);
  }

  static byte[] signed(Message message) {
    message.setTSIG(KEY.tsig());
    return message.toWire(65535); // toWire() alone does not sign
  }

  /** A member that does not know who leads. */
  Member member(GatewaySettings settings) throws IOException {
    Member member = new Member(settings, KeyRing.of(List.of(KEY)));
    members.add(member);
    return member;
  }

  Member leader(GatewaySettings settings) throws IOException {
    Member member = member(settings);
    member.leads();
    return member;
  }

  /** A member that knows the leader by the name "leader" and follows it. */
  Member standby(GatewaySettings settings, Member leader) throws IOException {
    Member member = member(settings);
    member.knows("leader", leader);
    member.follows("leader");
    return member;
  }

  Client udp(Member member) throws IOException {
    Client client = Client.udp(member.clients.address());
    clients.add(client);
    return client;
  }

  Client tcp(Member member) throws IOException {
    Client client = Client.tcp(member.clients.address());
    clients.add(client);
    return client;
  }

  /** A client that speaks to the peer port, as the gateway of another member does. */
  Client peer(Member member) throws IOException {
    Client client = Client.tcp(member.peers.address());
    clients.add(client);
    return client;
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.close();
    }
    members.forEach(Member::close);
  }
}
