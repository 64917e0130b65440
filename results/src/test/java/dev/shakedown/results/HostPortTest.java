package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of RFC 5952, in any form in which they are given. */
class HostPortTest {
    @ParameterizedTest
    @CsvSource({
        // 2
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1", "2001:0db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8::1:0:0:1, 2001:db8::1:0:0:1", "2001:db8::0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0db8::1:0:0:1, 2001:db8::1:0:0:1", "2001:db8:0:0:1::1, 2001:db8::1:0:0:1",
        "2001:db8:0000:0:1::1, 2001:db8::1:0:0:1", "2001:DB8:0:0:1::1, 2001:db8::1:0:0:1",
        // 4.1
        "2001:0db8::0001, 2001:db8::1",
        // 4.2.1
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1", "2001:db8::0:1, 2001:db8::1",
        // 4.2.2
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        // 4.2.3
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1", "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        // 4.3
        "2001:DB8::AAAA:BBBB, 2001:db8::aaaa:bbbb",
        // the ends
        "0:0:0:0:0:0:0:0, ::", "0:0:0:0:0:0:0:1, ::1", "1:0:0:0:0:0:0:0, 1::", "0:1:0:0:0:0:0:0, 0:1::",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::", "192.0.2.1, 192.0.2.1"})
    void eachHasOneForm(String given, String written) throws UnknownHostException {
        var address = InetAddress.getByName(given);
        assertEquals(written, HostPort.address(address));
        assertEquals(address, InetAddress.getByName(written), "the same when it is read again");
    }

    /** Java itself turns it into an IPv4 address (RFC 5952, 5). */
    @Test
    void aMappedAddressShowsIpv4() throws UnknownHostException {
        var bytes = new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        assertEquals("::ffff:192.0.2.1", HostPort.address(Inet6Address.getByAddress(null, bytes, -1)));
    }

    @Test
    void anInterfaceStaysBehindIt() throws UnknownHostException {
        var linkLocal = InetAddress.getByName("fe80:0:0:0:0:0:0:1").getAddress();
        assertEquals("fe80::1%7", HostPort.address(Inet6Address.getByAddress(null, linkLocal, 7)));
    }

    /** RFC 5952, 6. */
    @Test
    void bracketsTellThePort() {
        assertEquals("[2001:db8::1]:80", HostPort.of(new InetSocketAddress("2001:db8:0:0:0:0:0:1", 80)));
        assertEquals("127.0.0.1:443", HostPort.of(new InetSocketAddress("127.0.0.1", 443)));
        assertEquals("[::1]:443", HostPort.of("::1", 443));
        assertEquals("host.example:443", HostPort.of("host.example", 443));
        assertEquals("[::1]", HostPort.host("[::1]"));
    }
}
