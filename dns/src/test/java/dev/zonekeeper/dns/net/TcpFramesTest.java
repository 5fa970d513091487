package dev.zonekeeper.dns.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TcpFramesTest {

  @Property
  void whatIsWrittenIsRead(@ForAll @Size(max = 2000) byte[] first, @ForAll byte[] second)
      throws IOException {
    var out = new ByteArrayOutputStream();
    TcpFrames.write(out, first);
    TcpFrames.write(out, second);

    var in = new ByteArrayInputStream(out.toByteArray());

    assertThat(TcpFrames.read(in)).contains(first);
    assertThat(TcpFrames.read(in)).contains(second);
    assertThat(TcpFrames.read(in)).isEmpty();
  }

  @Test
  void theLargestMessageFits() throws IOException {
    byte[] largest = new byte[65535];
    var out = new ByteArrayOutputStream();

    TcpFrames.write(out, largest);

    assertThat(TcpFrames.read(new ByteArrayInputStream(out.toByteArray()))).contains(largest);
  }

  @Test
  void aLargerMessageIsRefused() {
    assertThatThrownBy(() -> TcpFrames.write(new ByteArrayOutputStream(), new byte[65536]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65535")
        .hasMessageContaining("65536");
  }

  @Test
  void anEndWithinAFrameIsAnError() {
    assertThatThrownBy(() -> TcpFrames.read(new ByteArrayInputStream(new byte[] {0})))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> TcpFrames.read(new ByteArrayInputStream(new byte[] {0, 3, 1, 2})))
        .isInstanceOf(EOFException.class);
  }
}
