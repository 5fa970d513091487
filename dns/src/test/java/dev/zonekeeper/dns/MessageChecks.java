package dev.zonekeeper.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What must be true of our parsers and of our answers, whatever bytes a message has. */
final class MessageChecks {
  private static final ExtendedError WHY = new ExtendedError(ExtendedError.OTHER, "why: \u00e4");
  private static final Map<String, String> FACTS = Map.of("role", "leader", "epoch", "7");

  /**
   * Looking at a message costs no more than this, in octets allocated, classes that are loaded the
   * first time included. To parse the records of a large message costs some megabytes.
   */
  private static final int LITTLE = 256 * 1024;

  /** What the records of the largest message cost when they are parsed. */
  private static final int MUCH = 32 << 20;

  /** A cluster that nobody here belongs to, though the name of its key is known. */
  private static final PeerCodec CLUSTER =
      new PeerCodec(
          () -> new TsigKey(Samples.name("cluster."), "hmac-sha256", new byte[] {1, 2, 3}));

  private final byte[] bytes;
  private final Peek peek;
  private final Optional<Message> parsed;

  private MessageChecks(byte[] bytes) throws Exception {
    this.bytes = bytes;
    this.peek = Cost.atMost(LITTLE, () -> Peek.of(bytes));
    this.parsed = parse(bytes);
  }

  /** Loads the classes, which costs more than any message. */
  static void warmUp() throws Exception {
    for (byte[] message : FuzzCorpus.messages()) {
      Peek.of(message);
      TsigRr.of(message);
      refusal(() -> CLUSTER.decode(message));
      refusal(() -> DeltaBytes.read(message));
    }
  }

  /** Fails unless all of it is true of these bytes. */
  static void check(byte[] bytes) throws Exception {
    byte[] before = bytes.clone();
    MessageChecks checks = new MessageChecks(bytes);
    checks.peekSeesWhatDnsjavaParses();
    checks.tsigIsThatOfPeek();
    checks.transferParsersRefuseInWords();
    checks.changesAreKeptAsTheyAreOrRefused();
    checks.aliasesAreThoseThatDnsjavaSees();
    checks.strangersAreTurnedAwayCheaply();
    checks.answersAreWellFormed();
    if (checks.peek instanceof Peek.Readable readable) {
      SignedChecks.check(unsigned(bytes), readable);
    }
    assertThat(bytes).as("no parser changes the message").isEqualTo(before);
  }

  private void peekSeesWhatDnsjavaParses() {
    if (!(peek instanceof Peek.Readable seen) || parsed.isEmpty()) {
      return;
    }
    Message message = parsed.get();
    Record question = message.getQuestion();
    assertThat(seen.id()).isEqualTo(message.getHeader().getID());
    assertThat(seen.opcode()).isEqualTo(message.getHeader().getOpcode());
    assertThat(seen.response()).isEqualTo(message.getHeader().getFlag(Flags.QR));
    if (seen.rcode() < 0x800) { // past that dnsjava takes the TTL of OPT for one of RFC 2181
      assertThat(seen.rcode()).isEqualTo(message.getRcode());
    }
    if (question != null) {
      assertThat(seen.name()).isEqualTo(question.getName());
      assertThat(seen.type()).isEqualTo(question.getType());
      assertThat(seen.dclass()).isEqualTo(question.getDClass());
    }
    assertThat(seen.ednsUdpSize().isPresent()).as("OPT").isEqualTo(message.getOPT() != null);
    assertThat(seen.tsigKey())
        .isEqualTo(Optional.ofNullable(message.getTSIG()).map(Record::getName));
    assertThat(seen.touchesSoa())
        .isEqualTo(
            seen.opcode() == Opcode.UPDATE
                && message.getSection(Section.UPDATE).stream()
                    .anyMatch(record -> record.getType() == Type.SOA));
  }

  private void tsigIsThatOfPeek() throws Exception {
    Optional<TsigRr> tsig = Cost.atMost(LITTLE + 2L * bytes.length, () -> TsigRr.of(bytes));
    if (peek instanceof Peek.Readable seen && tsig.isPresent()) {
      assertThat(seen.tsigKey()).contains(tsig.get().key());
    }
    if (tsig.isPresent() && parsed.isPresent() && parsed.get().getTSIG() != null) {
      assertThat(tsig.get().mac()).isEqualTo(parsed.get().getTSIG().getSignature());
      assertThat(tsig.get().originalId()).isEqualTo(parsed.get().getTSIG().getOriginalID());
      assertThat(tsig.get().error()).isEqualTo(parsed.get().getTSIG().getError());
      assertThat(tsig.get().timeSigned())
          .isEqualTo(parsed.get().getTSIG().getTimeSigned().getEpochSecond());
    }
  }

  private void transferParsersRefuseInWords() throws Exception {
    Cost.atMost(LITTLE, () -> TransferProgress.soaSerial(bytes));
    if (peek instanceof Peek.Readable) {
      TransferProgress asQuery = Cost.atMost(LITTLE, () -> new TransferProgress(bytes));
      assertThat(asQuery.complete()).isFalse();
    }
    refusal(() -> new TransferProgress(Samples.ixfrQuery(7).toWire()).take(bytes));
  }

  private void changesAreKeptAsTheyAreOrRefused() throws Exception {
    if (Cost.atMost(MUCH, () -> refusal(() -> DeltaBytes.read(bytes))).isEmpty()) {
      Delta delta = DeltaBytes.read(bytes);
      Optional<byte[]> again = DeltaBytes.of(delta);
      if (again.isPresent()) { // what another has compressed better may be too large for us
        assertThat(DeltaBytes.read(again.get())).isEqualTo(delta);
      }
    }
  }

  private void aliasesAreThoseThatDnsjavaSees() throws Exception {
    if (bytes.length < Wire.HEADER) {
      return;
    }
    Set<Name> owners = Cost.atMost(MUCH, () -> AliasedAnswer.owners(bytes));
    if (peek instanceof Peek.Readable && parsed.isPresent()) {
      List<Record> records = new ArrayList<>(parsed.get().getSection(Section.ANSWER));
      records.addAll(parsed.get().getSection(Section.AUTHORITY));
      boolean aliased =
          !records.isEmpty()
              && (records.getFirst().getType() == Type.CNAME
                  || records.getFirst().getType() == Type.DNAME);
      // Not all of them always: dnsjava follows pointers into the header, where no name is.
      assertThat(aliased ? records.stream().map(Record::getName).toList() : List.of())
          .containsAll(owners);
    }
  }

  private void strangersAreTurnedAwayCheaply() throws Exception {
    Optional<IOException> refusal =
        Cost.atMost(LITTLE + 4L * bytes.length, () -> refusal(() -> CLUSTER.decode(bytes)));
    assertThat(refusal).containsInstanceOf(BadPeerMessage.class);
  }

  private void answersAreWellFormed() throws Exception {
    if (peek instanceof Peek.Unreadable) {
      return;
    }
    Replies replies = new Replies(() -> Samples.KEYS, Samples.AT_NOON);
    for (int rcode : new int[] {Rcode.FORMERR, Rcode.SERVFAIL, Rcode.NOTAUTH, Rcode.BADVERS}) {
      assertAnswer(replies.error(bytes, rcode, WHY));
    }
    assertAnswer(replies.truncated(bytes));
  }

  private void assertAnswer(byte[] answer) throws IOException {
    Message message = new Message(answer);
    assertThat(Peek.of(answer)).isInstanceOf(Peek.Readable.class);
    assertThat(message.getHeader().getID()).isEqualTo(Wire.id(bytes));
    assertThat(message.getHeader().getOpcode()).isEqualTo(Wire.opcode(bytes));
    assertThat(message.getHeader().getFlag(Flags.QR)).isTrue();
    assertThat(message.getSection(Section.ANSWER)).isEmpty();
    assertThat(message.getSection(Section.AUTHORITY)).isEmpty();
    assertThat(answer.length).as("no amplifier").isLessThan(bytes.length + 200);
  }

  /** The message without its TSIG record and without what follows the last record. */
  private static byte[] unsigned(byte[] bytes) {
    RecordCursor cursor = new RecordCursor(bytes);
    int end = cursor.end();
    while (cursor.next()) {
      end = cursor.end();
    }
    byte[] whole = Arrays.copyOf(bytes, end);
    return TsigRr.of(whole).map(tsig -> tsig.without(whole)).orElse(whole);
  }

  /** Of a message with the TC bit dnsjava parses as much as it can: nothing to compare with. */
  static Optional<Message> parse(byte[] bytes) {
    try {
      return Optional.of(new Message(bytes))
          .filter(message -> !message.getHeader().getFlag(Flags.TC));
    } catch (IOException | RuntimeException e) { // dnsjava throws both
      return Optional.empty();
    }
  }

  /** The only exception that parsers may throw; everything else goes through to the test. */
  static Optional<IOException> refusal(Callable<?> parser) throws Exception {
    try {
      parser.call();
      return Optional.empty();
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
      return Optional.of(e);
    }
  }

  /** What members say to each other, under a good signature, and our answers to it. */
  private static final class SignedChecks {
    static final PeerCodec CODEC = new PeerCodec(() -> Samples.key("cluster."));
    private static final TsigKey KEY = Samples.key("cluster.");

    static void check(byte[] bare, Peek.Readable seen) throws Exception {
      boolean alreadySigned = TsigRr.of(bare).isPresent();
      boolean fits = bare.length + 200 <= Wire.MAX_MESSAGE;
      if (alreadySigned || !fits || Wire.u16(bare, Wire.ADDITIONAL_AT) == 0xFFFF) {
        return;
      }
      byte[] signed = TsigChain.ofRequest(KEY, java.time.Clock.systemUTC()).sign(bare);
      assertSignature(signed);
      Optional<PeerMessage> read = decoded(signed);
      if (read.isPresent()) {
        assertThat(seen.response()).isFalse();
        assertSaidAgain(read.get());
        assertAnswers(signed, read.get());
      }
    }

    private static void assertSignature(byte[] signed) {
      TsigRr tsig = TsigRr.of(signed).orElseThrow();
      assertThat(TsigChain.ofRequest(KEY, java.time.Clock.systemUTC()).verify(signed, tsig))
          .isEqualTo(TsigError.NONE);
      parse(signed)
          .filter(message -> message.getTSIG() != null)
          .ifPresent(message ->
              assertThat(KEY.tsig().verify(message, signed, null)).isEqualTo(Rcode.NOERROR));
    }

    private static Optional<PeerMessage> decoded(byte[] signed) throws IOException {
      try {
        return Optional.of(CODEC.decode(signed));
      } catch (BadPeerMessage e) {
        assertThat(e.getMessage()).isNotBlank();
        return Optional.empty();
      }
    }

    private static void assertSaidAgain(PeerMessage message) throws IOException {
      byte[] again;
      try {
        again = CODEC.encode(message);
      } catch (IllegalArgumentException e) {
        return; // a fact that nobody of ours would say
      }
      if (message instanceof CommitRequest request
          && CODEC.decode(again) instanceof CommitRequest other
          && other.changes().isEmpty()) {
        assertThat(other)
            .isEqualTo(
                new CommitRequest(
                    request.zone(), request.serial(), request.epoch(), request.from(), List.of()));
      } else {
        assertThat(CODEC.decode(again)).isEqualTo(message);
      }
    }

    private static void assertAnswers(byte[] signed, PeerMessage message) throws IOException {
      switch (message) {
        case CommitRequest request -> {
          for (Confirmation.Verdict verdict : Confirmation.Verdict.values()) {
            Confirmation sent =
                new Confirmation(
                    request.zone(),
                    request.serial(),
                    request.epoch(),
                    new Sender("primary-1", "ff"),
                    verdict,
                    verdict == Confirmation.Verdict.DURABLE ? "" : "why");
            byte[] answer = CODEC.encodeAnswer(signed, sent);
            assertThat(CODEC.decodeConfirmation(signed, answer)).isEqualTo(sent);
          }
        }
        case Heartbeat _ ->
            assertThat(CODEC.decodeFacts(signed, CODEC.encodeAnswer(signed, FACTS)))
                .isEqualTo(FACTS);
      }
    }
  }
}
