package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

class PeerCodecTest {
  private static final Name ZONE = Name.fromConstantString("example.com.");
  private static final Sender LEADER = new Sender("primary-0", "0123456789abcdef");

  private final PeerCodec codec = new PeerCodec(() -> key("c2VjcmV0IHNlY3JldCBzZWNyZXQ="));

  private static TsigKey key(String secret) {
    return new TsigKey(
        Name.fromConstantString("cluster."),
        "hmac-sha256",
        java.util.Base64.getDecoder().decode(secret));
  }

  private static SOARecord soa(long serial) {
    return new SOARecord(ZONE, DClass.IN, 300, ZONE, ZONE, serial, 1, 2, 3, 4);
  }

  private static Delta delta(int added) throws Exception {
    List<org.xbill.DNS.Record> records = new java.util.ArrayList<>();
    for (int i = 0; i < added; i++) {
      records.add(new TXTRecord(new Name("n" + i, ZONE), DClass.IN, 60, "value " + i));
    }
    return new Delta(
        ZONE,
        soa(65536),
        soa(65540),
        List.of(new ARecord(ZONE, DClass.IN, 60, java.net.InetAddress.ofLiteral("192.0.2.1"))),
        records);
  }

  @Test
  void a_commit_request_arrives_with_its_change() throws Exception {
    CommitRequest sent = new CommitRequest(ZONE, 65540, 7, LEADER, List.of(delta(3)));

    PeerMessage got = codec.decode(codec.encode(sent));

    assertThat(got).isEqualTo(sent);
  }

  @Test
  void several_changes_arrive_one_by_one() throws Exception {
    Delta first = new Delta(ZONE, soa(65530), soa(65536), List.of(), List.of());
    CommitRequest sent = new CommitRequest(ZONE, 65540, 7, LEADER, List.of(first, delta(3)));

    PeerMessage got = codec.decode(codec.encode(sent));

    assertThat(got).isEqualTo(sent);
  }

  @Test
  void a_change_that_does_not_fit_a_message_is_left_out() throws Exception {
    CommitRequest sent = new CommitRequest(ZONE, 65540, 7, LEADER, List.of(delta(5000)));

    PeerMessage got = codec.decode(codec.encode(sent));

    assertThat(got).isEqualTo(new CommitRequest(ZONE, 65540, 7, LEADER, List.of()));
  }

  @Test
  void a_confirmation_is_bound_to_its_request() throws Exception {
    byte[] request = codec.encode(new CommitRequest(ZONE, 65540, 7, LEADER, List.of()));
    byte[] other = codec.encode(new CommitRequest(ZONE, 65541, 7, LEADER, List.of()));
    Confirmation sent =
        new Confirmation(
            ZONE,
            65540,
            7,
            new Sender("primary-1", "ff"),
            Confirmation.Verdict.NOT_YET,
            "a full transfer is under way");

    byte[] answer = codec.encodeAnswer(request, sent);

    assertThat(codec.decodeConfirmation(request, answer)).isEqualTo(sent);
    assertThatThrownBy(() -> codec.decodeConfirmation(other, answer))
        .isInstanceOf(BadPeerMessage.class);
  }

  @Test
  void a_heartbeat_and_its_answer_carry_facts() throws Exception {
    Heartbeat sent = new Heartbeat(LEADER, Map.of("epoch", "7", "ready", "yes"));
    byte[] request = codec.encode(sent);

    assertThat(codec.decode(request)).isEqualTo(sent);
    byte[] answer = codec.encodeAnswer(request, Map.of("leading", "yes"));
    assertThat(codec.decodeFacts(request, answer)).isEqualTo(Map.of("leading", "yes"));
  }

  @Test
  void a_message_signed_with_another_key_is_refused() {
    PeerCodec stranger = new PeerCodec(() -> key("b3RoZXIgb3RoZXIgb3RoZXI="));
    byte[] request = stranger.encode(new Heartbeat(LEADER, Map.of()));

    assertThatThrownBy(() -> codec.decode(request)).isInstanceOf(BadPeerMessage.class);
  }

  @Test
  void bytes_that_are_no_message_are_refused() {
    assertThatThrownBy(() -> codec.decode(new byte[] {1, 2, 3})).isInstanceOf(BadPeerMessage.class);
  }

  @Test
  void facts_of_any_length_and_script_arrive() throws Exception {
    Map<String, String> facts =
        Map.of(
            "lease-in-sync",
            "primary-0/0123456789abcdef,".repeat(40),
            "why",
            "a \"quote\", a \\ backslash, gr\u00fc\u00dfe, a+=b",
            "empty",
            "",
            "exact",
            "x".repeat(255 - "exact=".length()));
    byte[] request = codec.encode(new Heartbeat(LEADER, facts));

    assertThat(codec.decode(request)).isEqualTo(new Heartbeat(LEADER, facts));
    assertThat(codec.decodeFacts(request, codec.encodeAnswer(request, facts))).isEqualTo(facts);
  }

  @Test
  void a_key_that_would_be_read_as_another_is_refused() {
    for (String key : List.of("", "a=b", "a+", "\u00fc", "k".repeat(101))) {
      assertThatThrownBy(() -> codec.encode(new Heartbeat(LEADER, Map.of(key, "v"))))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_person_may_ask_for_the_status_without_an_epoch() throws Exception {
    Message query =
        Message.newQuery(org.xbill.DNS.Record.newRecord(PeerCodec.STATUS, Type.TXT, DClass.CHAOS));
    query.setTSIG(key("c2VjcmV0IHNlY3JldCBzZWNyZXQ=").tsig());
    byte[] request = query.toWire(65_535);

    assertThat(codec.decode(request)).isEqualTo(new Heartbeat(Sender.NOBODY, Map.of()));

    Message answer = new Message(codec.encodeAnswer(request, Map.of("role", "leader")));
    assertThat(answer.getOPT()).isNull();
    assertThat(answer.getSection(Section.ANSWER))
        .containsExactly(new TXTRecord(PeerCodec.STATUS, DClass.CHAOS, 0, "role=leader"));
  }

  @Test
  void the_largest_change_that_fits_goes_along() throws Exception {
    int records = 0;
    while (codec.decode(codec.encode(request(delta(records + 50)))) instanceof CommitRequest got
        && !got.changes().isEmpty()) {
      records += 50;
    }

    byte[] largest = codec.encode(request(delta(records)));
    assertThat(largest.length).isBetween(60_000, 65_535);
    assertThat(codec.encode(request(delta(records + 50)))).hasSizeLessThan(200);
  }

  @Test
  void a_change_that_leads_elsewhere_is_refused() throws Exception {
    assertThatThrownBy(() -> new CommitRequest(ZONE, 65541, 7, LEADER, List.of(delta(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a change to serial 65541, found one to 65540");
  }

  @Test
  void a_truncated_message_is_none() {
    byte[] bare = Samples.query("leader.zonekeeper.", org.xbill.DNS.Type.TXT).toWire();
    bare[2] |= 2; // TC
    byte[] signed =
        TsigChain.ofRequest(key("c2VjcmV0IHNlY3JldCBzZWNyZXQ="), java.time.Clock.systemUTC())
            .sign(bare);

    assertThatThrownBy(() -> codec.decode(signed))
        .isInstanceOf(BadPeerMessage.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void a_stranger_with_huge_counts_is_turned_away() {
    byte[] boasting = codec.encode(new Heartbeat(LEADER, Map.of()));
    boasting[6] = (byte) 0xFF;

    assertThatThrownBy(() -> codec.decode(boasting))
        .isInstanceOf(BadPeerMessage.class)
        .hasMessageContaining("not signed");
  }

  private static CommitRequest request(Delta delta) {
    return new CommitRequest(ZONE, 65540, 7, LEADER, List.of(delta));
  }
}
