package dev.shakedown.run.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.HostPort;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1:8443, 127.0.0.1, 8443", "localhost, localhost, 443", "localhost/, localhost, 443",
        "host.example:443/, host.example, 443", "https://host.example/path?a=b#c, host.example, 443",
        "https://host.example, host.example, 443", "HTTPS://host.example:8443/x, host.example, 8443",
        "https://[::1]:8443/, ::1, 8443", "wss://host.example/chat, host.example, 443", "::1, ::1, 443",
        "[::1], ::1, 443", "[::1]:8443, ::1, 8443", "2001:db8::, 2001:db8::, 443",
        "[fe80::1%eth0]:443, fe80::1%eth0, 443", "fe80::1%eth0, fe80::1%eth0, 443",
        "[2001:db8:0:0:0:0:0:1]:1, 2001:db8:0:0:0:0:0:1, 1", "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8, 443",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1, 443", "host.example:65535, host.example, 65535", "127.1, 127.1, 443",
        "' host.example ', host.example, 443", "müller.example, müller.example, 443"})
    void aServerHasManyForms(String text, String host, int port) {
        assertEquals(new HostPort(host, port), Hosts.server(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"::1:443 | [::1]:443 or [::1:443]:443",
        "2001:db8::1:2 | [2001:db8::1]:2 or [2001:db8::1:2]:443", "::1:65535 | [::1]:65535",
        "1:2:3:4:5:6:7:8:443 | [1:2:3:4:5:6:7:8]:443", "8443 | 127.0.0.1:8443", ":443 | 127.0.0.1:443",
        "http://host.example/x | https://host.example", "\u2013rate | --rate", "\u2014rate | --rate",
        "localhost: | localhost:443", "[::1]: | [::1]:443"})
    void whatCouldBeTwoServersIsAskedFor(String text, String meant) {
        assertEquals(noServer(text) + "; did you mean " + meant + "?", refusal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ":", "localhost:0", "localhost:65536", "localhost:x", "localhost:99999999",
        "127.0.0.1:-1", "[::1:443", "[::1]443", "[::g]:443", "a b", "a b:443", "host/path", "ftp://host/", "https://",
        "https:///path", "user@host", "https://user@host/", "256.1.1.1:443", "1.2.3.4.5", "8443:443", "a:1:2",
        "[localhost]:443", "[]:443", "127.0.0.1:\u0664\u0664\u0663"})
    void anythingElseIsNoServer(String text) {
        assertEquals(noServer(text), refusal(text));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:4433, 127.0.0.1, 4433", "localhost:0, localhost, 0", "[::1]:4433, 0:0:0:0:0:0:0:1, 4433",
        "0.0.0.0:443, 0.0.0.0, 443"})
    void aPlaceToListenHasAPort(String text, String host, int port) {
        var place = Hosts.listener(text);
        assertEquals(port, place.getPort());
        assertTrue(place.getAddress().getHostAddress().equals(host) || place.getHostString().equals(host),
                place::toString);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"4433 | 127.0.0.1:4433", ":4433 | 127.0.0.1:4433", "*:4433 | 127.0.0.1:4433",
        "127.0.0.1 | 127.0.0.1:4433", "localhost | localhost:4433", "::1 |", "here:x |", "https://localhost |",
        "127.0.0.1:65536 |", "no-such-host.invalid:1 |"})
    void anythingElseIsNoPlaceToListen(String text, String meant) {
        assertEquals("'" + text + "' is not an address to listen at; write HOST:PORT with one of this machine, such as"
                + " 127.0.0.1:4433" + (meant == null ? "" : "; did you mean " + meant + "?"),
                assertThrows(IllegalArgumentException.class, () -> Hosts.listener(text)).getMessage());
    }

    private static String noServer(String text) {
        return "'" + text
                + "' is not a server; write HOST, HOST:PORT with a port from 1 to 65535, or an https:// address,"
                + " such as 127.0.0.1:8443 or [::1]:443";
    }

    private static String refusal(String text) {
        return assertThrows(IllegalArgumentException.class, () -> Hosts.server(text)).getMessage();
    }
}
