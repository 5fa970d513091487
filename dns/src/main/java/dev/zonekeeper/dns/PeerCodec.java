package dev.zonekeeper.dns;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * The wire form of what members say to each other. Everything is signed (RFC 8945); an EDNS option
 * of the local range (RFC 6891 section 9) carries the epoch and who it is from.
 */
public final class PeerCodec {
  /** The EDNS option: epoch (8 octets), then member and incarnation, each after its length. */
  public static final int OPTION = 65021;

  /** The name of {@link Heartbeat} queries. */
  public static final Name LEADER = Name.fromConstantString("leader.zonekeeper.");

  private static final int MAX_DELTA_OCTETS = 60_000;
  private static final int PAYLOAD = 65535;

  private final Supplier<TSIG> key;

  /** Makes a codec that signs and verifies with the cluster's key. */
  public PeerCodec(Supplier<TSIG> key) {
    this.key = key;
  }

  /** The signed bytes of a message. */
  public byte[] encode(PeerMessage message) {
    Message wire =
        switch (message) {
          case CommitRequest request -> notify(request);
          case Heartbeat heartbeat -> query(heartbeat);
        };
    key.get().apply(wire, null);
    return wire.toWire();
  }

  /**
   * Reads a message of another member.
   *
   * @throws BadPeerMessage it is none, or its signature is not good
   */
  public PeerMessage decode(byte[] bytes) throws BadPeerMessage {
    Message message = parse(bytes);
    verify(message, bytes, null);
    if (message.getHeader().getFlag(Flags.QR) || message.getQuestion() == null) {
      throw new BadPeerMessage("expected a question");
    }
    Identity identity = identity(message);
    if (message.getHeader().getOpcode() == Opcode.NOTIFY) {
      return new CommitRequest(
          message.getQuestion().getName(),
          soa(message).getSerial(),
          identity.epoch,
          identity.sender,
          delta(message));
    }
    if (isHeartbeat(message)) {
      return new Heartbeat(identity.sender, facts(message, Section.ADDITIONAL));
    }
    throw new BadPeerMessage("not a message between members: " + message.getQuestion());
  }

  /** The signed bytes of the answer to a commit request. */
  public byte[] encodeAnswer(byte[] request, Confirmation confirmation) throws BadPeerMessage {
    Message asked = parse(request);
    Message answer = answerTo(asked);
    answer
        .getHeader()
        .setRcode(
            switch (confirmation.verdict()) {
              case DURABLE -> Rcode.NOERROR;
              case STALE_EPOCH -> Rcode.REFUSED;
              case NOT_YET -> Rcode.SERVFAIL;
            });
    answer.addRecord(bareSoa(confirmation.zone(), confirmation.serial()), Section.ANSWER);
    List<EDNSOption> options = new ArrayList<>();
    options.add(option(confirmation.epoch(), confirmation.from()));
    if (!confirmation.why().isEmpty()) {
      options.add(
          new ExtendedErrorCodeOption(ExtendedErrorCodeOption.NOT_READY, confirmation.why()));
    }
    answer.addRecord(new OPTRecord(PAYLOAD, 0, 0, 0, options), Section.ADDITIONAL);
    return sign(answer, asked.getTSIG());
  }

  /**
   * Reads the answer to a commit request.
   *
   * @throws BadPeerMessage it is none, or its signature is not good
   */
  public Confirmation decodeConfirmation(byte[] request, byte[] bytes) throws BadPeerMessage {
    Message answer = answer(request, bytes);
    Identity identity = identity(answer);
    Confirmation.Verdict verdict =
        switch (answer.getRcode()) {
          case Rcode.NOERROR -> Confirmation.Verdict.DURABLE;
          case Rcode.REFUSED -> Confirmation.Verdict.STALE_EPOCH;
          default -> Confirmation.Verdict.NOT_YET;
        };
    return new Confirmation(
        answer.getQuestion().getName(),
        soa(answer).getSerial(),
        identity.epoch,
        identity.sender,
        verdict,
        why(answer));
  }

  /** The signed bytes of the answer to a heartbeat. */
  public byte[] encodeAnswer(byte[] request, Map<String, String> facts) throws BadPeerMessage {
    Message asked = parse(request);
    Message answer = answerTo(asked);
    addFacts(answer, facts, Section.ANSWER);
    return sign(answer, asked.getTSIG());
  }

  /**
   * Reads the answer to a heartbeat.
   *
   * @throws BadPeerMessage it is none, or its signature is not good
   */
  public Map<String, String> decodeFacts(byte[] request, byte[] bytes) throws BadPeerMessage {
    return facts(answer(request, bytes), Section.ANSWER);
  }

  private Message notify(CommitRequest request) {
    Message message = new Message();
    message.getHeader().setOpcode(Opcode.NOTIFY);
    message.getHeader().setFlag(Flags.AA);
    message.addRecord(Record.newRecord(request.zone(), Type.SOA, DClass.IN), Section.QUESTION);
    Optional<Delta> delta = request.delta().filter(PeerCodec::fits);
    message.addRecord(
        delta.map(Delta::to).orElseGet(() -> bareSoa(request.zone(), request.serial())),
        Section.ANSWER);
    delta.ifPresent(d -> d.inTransferOrder().forEach(r -> message.addRecord(r, Section.AUTHORITY)));
    message.addRecord(
        new OPTRecord(PAYLOAD, 0, 0, 0, List.of(option(request.epoch(), request.from()))),
        Section.ADDITIONAL);
    return message;
  }

  private Message query(Heartbeat heartbeat) {
    Message message = Message.newQuery(Record.newRecord(LEADER, Type.TXT, DClass.CHAOS));
    addFacts(message, heartbeat.facts(), Section.ADDITIONAL);
    message.addRecord(
        new OPTRecord(PAYLOAD, 0, 0, 0, List.of(option(0, heartbeat.from()))), Section.ADDITIONAL);
    return message;
  }

  private static boolean isHeartbeat(Message message) {
    return message.getHeader().getOpcode() == Opcode.QUERY
        && message.getQuestion().getName().equals(LEADER)
        && message.getQuestion().getType() == Type.TXT
        && message.getQuestion().getDClass() == DClass.CHAOS;
  }

  private static boolean fits(Delta delta) {
    int octets = 0;
    for (Record record : delta.inTransferOrder()) {
      octets += record.toWire(Section.AUTHORITY).length;
    }
    return octets <= MAX_DELTA_OCTETS;
  }

  private static Optional<Delta> delta(Message message) throws BadPeerMessage {
    List<Record> records = message.getSection(Section.AUTHORITY);
    if (records.isEmpty()) {
      return Optional.empty();
    }
    try {
      TransferReader reader = new TransferReader(message.getQuestion().getName());
      if (!reader.takeAll(records) || reader.deltas().size() != 1) {
        throw new BadPeerMessage("the change of " + message.getQuestion().getName() + " is broken");
      }
      return Optional.of(reader.deltas().getFirst());
    } catch (IOException e) {
      throw new BadPeerMessage("the change is broken: " + e.getMessage(), e);
    }
  }

  private Message answer(byte[] request, byte[] bytes) throws BadPeerMessage {
    Message asked = parse(request);
    Message answer = parse(bytes);
    verify(answer, bytes, asked.getTSIG());
    if (!answer.getHeader().getFlag(Flags.QR) || answer.getQuestion() == null) {
      throw new BadPeerMessage("expected an answer");
    }
    return answer;
  }

  private static Message answerTo(Message asked) {
    Message answer = new Message(asked.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setFlag(Flags.AA);
    answer.getHeader().setOpcode(asked.getHeader().getOpcode());
    answer.addRecord(asked.getQuestion(), Section.QUESTION);
    return answer;
  }

  private byte[] sign(Message answer, TSIGRecord asked) {
    key.get().apply(answer, asked);
    return answer.toWire();
  }

  private static Message parse(byte[] bytes) throws BadPeerMessage {
    try {
      return new Message(bytes);
    } catch (IOException | RuntimeException e) {
      throw new BadPeerMessage("does not parse: " + e.getMessage(), e);
    }
  }

  private void verify(Message message, byte[] bytes, TSIGRecord asked) throws BadPeerMessage {
    if (message.getTSIG() == null) {
      throw new BadPeerMessage("not signed");
    }
    int rcode = key.get().verify(message, bytes, asked);
    if (rcode != Rcode.NOERROR) {
      throw new BadPeerMessage("its signature is not good: " + Rcode.TSIGstring(rcode));
    }
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

  private static void addFacts(Message message, Map<String, String> facts, int section) {
    if (!facts.isEmpty()) {
      List<String> strings = new ArrayList<>();
      facts.forEach((name, value) -> strings.add(name + "=" + value));
      message.addRecord(new TXTRecord(LEADER, DClass.CHAOS, 0, strings), section);
    }
  }

  private static Map<String, String> facts(Message message, int section) {
    Map<String, String> facts = new HashMap<>();
    for (Record record : message.getSection(section)) {
      if (record instanceof TXTRecord text) {
        for (String entry : text.getStrings()) {
          int equals = entry.indexOf('=');
          if (equals > 0) {
            facts.put(entry.substring(0, equals), entry.substring(equals + 1));
          }
        }
      }
    }
    return facts;
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

  private record Identity(long epoch, Sender sender) {}

  private static EDNSOption option(long epoch, Sender sender) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(epoch);
      for (String text : List.of(sender.member(), sender.incarnation())) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(octets.length);
        out.write(octets);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GenericEDNSOption(OPTION, bytes.toByteArray());
  }

  private static Identity identity(Message message) throws BadPeerMessage {
    if (message.getOPT() == null) {
      return new Identity(0, Sender.NOBODY);
    }
    for (EDNSOption option : message.getOPT().getOptions(OPTION)) {
      byte[] wire = option.toWire();
      try (DataInputStream in =
          new DataInputStream(new ByteArrayInputStream(wire, 4, wire.length - 4))) {
        long epoch = in.readLong();
        String member = text(in);
        return new Identity(epoch, new Sender(member, text(in)));
      } catch (IOException e) {
        throw new BadPeerMessage("the option with the epoch is broken", e);
      }
    }
    return new Identity(0, Sender.NOBODY);
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] octets = new byte[in.readUnsignedByte()];
    in.readFully(octets);
    return new String(octets, StandardCharsets.UTF_8);
  }
}
