package dev.zonekeeper.e2e;

import dev.zonekeeper.dns.net.TcpFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * A message of somebody who may not do what it asks for.
 *
 * @param bare without signature
 * @param signer the key it is signed with; none: unsigned
 */
record Attempt(Message bare, Optional<Supplier<UpdateKey>> signer) {
  /** How long we listen for an answer that must not come. */
  private static final Duration SILENCE = Duration.ofMillis(300);

  private static Attempt of(String name, int type, int opcode) {
    Message message = new Message();
    message.getHeader().setOpcode(opcode);
    message.addRecord(Record.newRecord(Names.absolute(name), type, DClass.IN), Section.QUESTION);
    message.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
    return new Attempt(message, Optional.empty());
  }

  static Attempt query(String name, String type) {
    return of(name, Type.value(type), Opcode.QUERY);
  }

  static Attempt ixfr() {
    Attempt attempt = query(LocalCluster.ZONE, "IXFR");
    attempt.bare.addRecord(soa(1), Section.AUTHORITY);
    return attempt;
  }

  static Attempt update() {
    return update(LocalCluster.ZONE);
  }

  static Attempt update(String zone) {
    Attempt attempt = of(zone, Type.SOA, Opcode.UPDATE);
    attempt.bare.addRecord(
        new TXTRecord(Names.absolute("attempt." + zone), DClass.IN, 60, "it went through"),
        Section.UPDATE);
    return attempt;
  }

  static Attempt updateOfSoa() {
    Attempt attempt = of(LocalCluster.ZONE, Type.SOA, Opcode.UPDATE);
    attempt.bare.addRecord(soa(0xFFFF_FFF0L), Section.UPDATE);
    return attempt;
  }

  /** The same, signed with the key that there is when it is sent. */
  Attempt by(Supplier<UpdateKey> key) {
    return new Attempt(bare, Optional.of(key));
  }

  /** The same with another class in the question. */
  Attempt ofClass(int dclass) {
    Record question = bare.getQuestion();
    bare.removeAllRecords(Section.QUESTION);
    bare.addRecord(
        Record.newRecord(question.getName(), question.getType(), dclass), Section.QUESTION);
    return this;
  }

  /** The same with another opcode, 0 to 15. */
  Attempt opcode(int opcode) {
    bare.getHeader().setOpcode(opcode);
    return this;
  }

  Attempt recursive() {
    bare.getHeader().setFlag(Flags.RD);
    return this;
  }

  Attempt asAnswer() {
    bare.getHeader().setFlag(Flags.QR);
    return this;
  }

  /**
   * Sends it over TCP. The answer in words: the RCODE, the TSIG error or the info code of an
   * Extended DNS Error if it has one, the number of records if there are any; or {@code silence},
   * or {@code closed}.
   */
  String at(InetSocketAddress server) {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      boolean silent = bare.getHeader().getFlag(Flags.QR);
      socket.setSoTimeout(Math.toIntExact((silent ? SILENCE : Wire.PATIENCE).toMillis()));
      TcpFrames.write(socket.getOutputStream(), bytes());
      return TcpFrames.read(socket.getInputStream()).map(Attempt::inWords).orElse("closed");
    } catch (SocketTimeoutException e) {
      return "silence";
    } catch (SocketException e) {
      return "closed";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] bytes() {
    Message message = bare.clone();
    signer.ifPresent(key -> key.get().tsig().apply(message, null));
    return message.toWire();
  }

  private static String inWords(byte[] bytes) {
    try {
      Message answer = new Message(bytes);
      StringBuilder words = new StringBuilder(Rcode.string(answer.getRcode()));
      if (answer.getTSIG() != null && answer.getTSIG().getError() != 0) {
        words.append(", ").append(Rcode.TSIGstring(answer.getTSIG().getError()));
      }
      if (answer.getOPT() != null) {
        answer.getOPT().getOptions().stream()
            .filter(ExtendedErrorCodeOption.class::isInstance)
            .forEach(option ->
                words.append(", EDE ").append(((ExtendedErrorCodeOption) option).getErrorCode()));
      }
      int records = answer.getSection(Section.ANSWER).size();
      return (records == 0 ? words : words.append(", ").append(records).append(" records"))
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SOARecord soa(long serial) {
    var zone = Names.absolute(LocalCluster.ZONE);
    return new SOARecord(zone, DClass.IN, 60, zone, zone, serial, 60, 60, 600, 60);
  }
}
