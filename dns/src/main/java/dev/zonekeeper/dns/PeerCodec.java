package dev.zonekeeper.dns;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The wire form of what members say to each other. Everything is signed (RFC 8945), answers as
 * answers to their request; an EDNS option of the local range (RFC 6891 section 9) carries the
 * epoch and who it is from.
 */
public final class PeerCodec {
  /** The EDNS option: epoch (8 octets), then member and incarnation, each after its length. */
  public static final int OPTION = 65021;

  /** The name of {@link Heartbeat} queries. */
  public static final Name LEADER = Name.fromConstantString("leader.zonekeeper.");

  /** Another name for {@link Heartbeat} queries, for people with {@code dig}. */
  public static final Name STATUS = Name.fromConstantString("status.zonekeeper.");

  private static final Clock CLOCK = Clock.systemUTC();
  private static final int QR = 0x8000;
  private static final int AA = 0x0400;
  private static final int OPCODE_SHIFT = 11;
  private static final int UDP_SIZE = 1232;
  private static final int MAX_WHY = 500; // octets

  /** Leaves room for an OPT and a TSIG record. */
  private static final int UNSIGNED_LIMIT = Wire.MAX_MESSAGE - 1500;

  private final Supplier<TsigKey> key;

  /** One after the other, so that messages in flight on one connection differ. */
  private final AtomicInteger ids = new AtomicInteger();

  /** Makes a codec that signs and verifies with the cluster's key. */
  public PeerCodec(Supplier<TsigKey> key) {
    this.key = key;
  }

  /**
   * The signed bytes of a message. A change that does not fit into one is left out of a commit
   * request.
   *
   * @throws IllegalArgumentException a fact or the sender cannot be said on the wire
   */
  public byte[] encode(PeerMessage message) {
    byte[] bare =
        switch (message) {
          case CommitRequest request ->
              notify(request, request.changes()).or(() -> notify(request, List.of())).orElseThrow();
          case Heartbeat heartbeat -> query(heartbeat);
        };
    return MessageSigner.ofRequest(key.get().tsig()).sign(bare);
  }

  /**
   * Reads a message of another member.
   *
   * @throws BadPeerMessage it is none, or its signature is not good
   */
  public PeerMessage decode(byte[] bytes) throws BadPeerMessage {
    TsigKey signer = key.get();
    verify(bytes, signer, TsigChain.ofRequest(signer, CLOCK));
    Message message = parse(bytes);
    if (message.getHeader().getFlag(Flags.QR)) {
      throw new BadPeerMessage("expected a question, found an answer");
    }
    EpochOption option = EpochOption.in(message);
    if (message.getHeader().getOpcode() == Opcode.NOTIFY) {
      return commitRequest(message, option);
    }
    if (isHeartbeat(message)) {
      return new Heartbeat(option.sender(), FactStrings.in(message, Section.ADDITIONAL));
    }
    throw new BadPeerMessage("not a message between members: " + message.getQuestion());
  }

  /**
   * The signed bytes of the answer to a commit request.
   *
   * @throws BadPeerMessage the request is not a message
   */
  public byte[] encodeAnswer(byte[] request, Confirmation confirmation) throws BadPeerMessage {
    Message asked = parse(request);
    int rcode =
        switch (confirmation.verdict()) {
          case DURABLE -> Rcode.NOERROR;
          case STALE_EPOCH -> Rcode.REFUSED;
          case NOT_YET -> Rcode.SERVFAIL;
        };
    MessageWriter answer = answerTo(asked, rcode);
    answer.add(Section.ANSWER, bareSoa(confirmation.zone(), confirmation.serial()));
    ByteSink options = new ByteSink(64);
    options.bytes(new EpochOption(confirmation.epoch(), confirmation.from()).toBytes());
    if (!confirmation.why().isEmpty()) {
      options.bytes(
          new ExtendedError(ExtendedError.NOT_READY, confirmation.why()).toOption(MAX_WHY));
    }
    return sign(answer.opt(UDP_SIZE, options.toBytes()), asked);
  }

  /**
   * Reads the answer to a commit request.
   *
   * @throws BadPeerMessage it is none, or its signature is not good
   */
  public Confirmation decodeConfirmation(byte[] request, byte[] bytes) throws BadPeerMessage {
    Message answer = answer(request, bytes);
    EpochOption option = EpochOption.in(answer);
    Confirmation.Verdict verdict =
        switch (answer.getRcode()) {
          case Rcode.NOERROR -> Confirmation.Verdict.DURABLE;
          case Rcode.REFUSED -> Confirmation.Verdict.STALE_EPOCH;
          default -> Confirmation.Verdict.NOT_YET;
        };
    return new Confirmation(
        answer.getQuestion().getName(),
        soa(answer).getSerial(),
        option.epoch(),
        option.sender(),
        verdict,
        why(answer));
  }

  /**
   * The signed bytes of the answer to a heartbeat.
   *
   * @throws BadPeerMessage the request is not a message
   * @throws IllegalArgumentException a fact cannot be said on the wire
   */
  public byte[] encodeAnswer(byte[] request, Map<String, String> facts) throws BadPeerMessage {
    Message asked = parse(request);
    MessageWriter answer = answerTo(asked, Rcode.NOERROR);
    if (!facts.isEmpty()) {
      answer.chaosText(Section.ANSWER, asked.getQuestion().getName(), FactStrings.toData(facts));
    }
    if (asked.getOPT() != null) {
      answer.opt(UDP_SIZE, new byte[0]);
    }
    return sign(answer, asked);
  }

  /**
   * Reads the answer to a heartbeat.
   *
   * @throws BadPeerMessage it is none, or its signature is not good
   */
  public Map<String, String> decodeFacts(byte[] request, byte[] bytes) throws BadPeerMessage {
    return FactStrings.in(answer(request, bytes), Section.ANSWER);
  }

  /** Empty if it does not fit into a message. */
  private Optional<byte[]> notify(CommitRequest request, List<Delta> changes) {
    MessageWriter message =
        new MessageWriter(nextId(), Opcode.NOTIFY << OPCODE_SHIFT | AA, UNSIGNED_LIMIT)
            .question(request.zone(), Type.SOA, DClass.IN);
    SOARecord head =
        changes.isEmpty() ? bareSoa(request.zone(), request.serial()) : changes.getLast().to();
    List<Record> records = changes.isEmpty() ? List.of() : Delta.inTransferOrder(changes);
    boolean fits =
        message.add(Section.ANSWER, head)
            && records.stream().allMatch(record -> message.add(Section.AUTHORITY, record));
    return fits
        ? Optional.of(
            message
                .opt(UDP_SIZE, new EpochOption(request.epoch(), request.from()).toBytes())
                .toBytes())
        : Optional.empty();
  }

  private byte[] query(Heartbeat heartbeat) {
    MessageWriter message =
        new MessageWriter(nextId(), Opcode.QUERY << OPCODE_SHIFT, UNSIGNED_LIMIT)
            .question(LEADER, Type.TXT, DClass.CHAOS);
    if (!heartbeat.facts().isEmpty()) {
      message.chaosText(Section.ADDITIONAL, LEADER, FactStrings.toData(heartbeat.facts()));
    }
    return message.opt(UDP_SIZE, new EpochOption(0, heartbeat.from()).toBytes()).toBytes();
  }

  private int nextId() {
    return ids.getAndIncrement() & 0xFFFF;
  }

  private static boolean isHeartbeat(Message message) {
    Record question = message.getQuestion();
    return message.getHeader().getOpcode() == Opcode.QUERY
        && question.getType() == Type.TXT
        && question.getDClass() == DClass.CHAOS
        && (question.getName().equals(LEADER) || question.getName().equals(STATUS));
  }

  private static CommitRequest commitRequest(Message message, EpochOption option)
      throws BadPeerMessage {
    try {
      return new CommitRequest(
          message.getQuestion().getName(),
          soa(message).getSerial(),
          option.epoch(),
          option.sender(),
          changes(message));
    } catch (IllegalArgumentException e) {
      throw new BadPeerMessage(e.getMessage(), e);
    }
  }

  private static List<Delta> changes(Message message) throws BadPeerMessage {
    List<Record> records = message.getSection(Section.AUTHORITY);
    if (records.isEmpty()) {
      return List.of();
    }
    Name zone = message.getQuestion().getName();
    try {
      TransferReader reader = TransferReader.ofChanges(zone);
      if (!reader.takeAll(records) || reader.deltas().isEmpty()) {
        throw new BadPeerMessage("the changes of " + zone + " are not complete");
      }
      return reader.deltas();
    } catch (BadPeerMessage e) {
      throw e;
    } catch (IOException e) {
      throw new BadPeerMessage("the change is broken: " + e.getMessage(), e);
    }
  }

  private Message answer(byte[] request, byte[] bytes) throws BadPeerMessage {
    TsigKey signer = key.get();
    byte[] mac = TsigRr.of(request).map(TsigRr::mac).orElseThrow(PeerCodec::notSigned);
    verify(bytes, signer, TsigChain.ofAnswers(signer, CLOCK, mac));
    Message asked = parse(request);
    Message answer = parse(bytes);
    if (!answer.getHeader().getFlag(Flags.QR)
        || !asked.getQuestion().equals(answer.getQuestion())) {
      throw new BadPeerMessage("not the answer to " + asked.getQuestion());
    }
    return answer;
  }

  private static MessageWriter answerTo(Message asked, int rcode) {
    Record question = asked.getQuestion();
    int flags = QR | asked.getHeader().getOpcode() << OPCODE_SHIFT | AA | rcode;
    return new MessageWriter(asked.getHeader().getID(), flags, UNSIGNED_LIMIT)
        .question(question.getName(), question.getType(), question.getDClass());
  }

  private byte[] sign(MessageWriter answer, Message asked) {
    return MessageSigner.ofAnswer(key.get().tsig(), asked.getTSIG()).sign(answer.toBytes());
  }

  private static Message parse(byte[] bytes) throws BadPeerMessage {
    if (!(Peek.of(bytes) instanceof Peek.Readable seen) || seen.type() == 0) {
      throw new BadPeerMessage("not a DNS message with a question");
    }
    Message message;
    try {
      message = new Message(bytes);
    } catch (IOException | RuntimeException e) {
      throw new BadPeerMessage("does not parse: " + e.getMessage(), e);
    }
    if (message.getHeader().getFlag(Flags.TC)) { // dnsjava leaves out what it cannot parse then
      throw new BadPeerMessage("truncated");
    }
    return message;
  }

  /** Before anything is parsed, so that it costs little to turn strangers away. */
  private static void verify(byte[] bytes, TsigKey key, TsigChain chain) throws BadPeerMessage {
    TsigRr tsig = TsigRr.of(bytes).orElseThrow(PeerCodec::notSigned);
    TsigError error = tsig.key().equals(key.name()) ? chain.verify(bytes, tsig) : TsigError.BADKEY;
    if (error != TsigError.NONE) {
      throw new BadPeerMessage("its signature is not good: " + error);
    }
  }

  private static BadPeerMessage notSigned() {
    return new BadPeerMessage("not signed");
  }

  private static SOARecord soa(Message message) throws BadPeerMessage {
    List<Record> records = message.getSection(Section.ANSWER);
    if (records.isEmpty() || !(records.getFirst() instanceof SOARecord soa)) {
      throw new BadPeerMessage("expected an SOA record in the answer section");
    }
    return soa;
  }

  private static SOARecord bareSoa(Name zone, long serial) {
    return new SOARecord(zone, DClass.IN, 0, Name.root, Name.root, serial, 0, 0, 0, 0);
  }

  private static String why(Message answer) {
    if (answer.getOPT() == null) {
      return "";
    }
    return answer.getOPT().getOptions().stream()
        .filter(ExtendedErrorCodeOption.class::isInstance)
        .map(o -> ((ExtendedErrorCodeOption) o).getText())
        .findFirst()
        .orElse("");
  }
}
