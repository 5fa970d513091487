package dev.zonekeeper.agent.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Messages for tests. */
final class Wire {

  static final InetSocketAddress LOOPBACK =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  static final Name ZONE = Name.fromConstantString("example.com.");

  private Wire() {}

  /** An update that adds an address; the ID tells it from others. */
  static Message update(int id) {
    Message message = new Message(id);
    message.getHeader().setOpcode(Opcode.UPDATE);
    message.addRecord(Record.newRecord(ZONE, Type.SOA, DClass.IN), Section.QUESTION);
    message.addRecord(address("host" + id), Section.AUTHORITY);
    return message;
  }

  static Message query(int id, Name name, int type) {
    Message message = new Message(id);
    message.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
    return message;
  }

  static Message withEdns(Message message, int udpSize) {
    message.addRecord(new OPTRecord(udpSize, 0, 0), Section.ADDITIONAL);
    return message;
  }

  static Record address(String label) {
    try {
      return new ARecord(
          Name.fromString(label, ZONE), DClass.IN, 60, InetAddress.getByName("192.0.2.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SOARecord soa(long serial) {
    Name ns = Name.fromConstantString("ns.example.com.");
    return new SOARecord(ZONE, DClass.IN, 60, ns, ns, serial, 60, 60, 600, 60);
  }

  /** The answer of a named that agrees and has nothing to say. */
  static byte[] noError(byte[] request) {
    byte[] answer = Arrays.copyOf(request, request.length);
    answer[2] |= (byte) 0x80;
    return answer;
  }

  /** An answer with these records in its answer section. */
  static byte[] answer(byte[] request, Record... records) {
    Message question = parse(request);
    Message answer = new Message(question.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.addRecord(question.getQuestion(), Section.QUESTION);
    for (Record one : records) {
      answer.addRecord(one, Section.ANSWER);
    }
    return answer.toWire();
  }

  static Message parse(byte[] bytes) {
    try {
      return new Message(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int rcode(byte[] answer) {
    return parse(answer).getRcode();
  }

  /** The text of the Extended DNS Error; empty if there is none. */
  static String why(byte[] answer) {
    OPTRecord opt = parse(answer).getOPT();
    if (opt == null) {
      return "";
    }
    return opt.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
        .map(option -> ((ExtendedErrorCodeOption) option).getText())
        .findFirst()
        .orElse("");
  }
}
