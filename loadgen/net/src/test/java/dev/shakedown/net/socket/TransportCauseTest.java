package dev.shakedown.net.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shakedown.net.socket.CausesInAnyLanguage.Told;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("interop")
class TransportCauseTest {
    /** ENOTSUP, with which no connection fails. */
    private static final int UNKNOWN = 95;

    /** Netty's exceptions with numbers need its native code. */
    @BeforeAll
    static void load() {
        assumeTrue(Transport.EPOLL.isAvailable() || Transport.KQUEUE.isAvailable());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"EADDRNOTAVAIL | ports | true", "EADDRINUSE | ports | true",
        "EMFILE | descriptors | true", "ENFILE | descriptors | true", "ENOMEM | memory | true",
        "ENOBUFS | memory | true", "ECONNREFUSED | connection_refused | false",
        "ECONNRESET | connection_reset | false", "EPIPE | connection_reset | false",
        "ETIMEDOUT | connection_timed_out | false", "ENETUNREACH | unreachable | false",
        "ENETDOWN | unreachable | false", "EHOSTUNREACH | unreachable | false", "EHOSTDOWN | unreachable | false",
        "EINVAL | unreachable | false", "EPERM | not_permitted | false", "EACCES | not_permitted | false"})
    void theNumberDecides(Errno errno, String label, boolean own) {
        var wordless = new NativeIoException("", -errno.number());
        for (var error : new Exception[]{wordless, new ChannelException(wordless),
            new IllegalStateException("something else", new IOException(wordless))}) {
            var cause = TransportCause.of(error);
            assertEquals(label, cause.label());
            assertEquals(own, cause.isOwn());
        }
    }

    @Test
    void nettysOwnExceptionsOfConnectingTellTheNumber() {
        var refused = assertThrows(ConnectException.class,
                () -> Errors.handleConnectErrno("connect", -Errno.ETIMEDOUT.number()));
        assertEquals("connection_timed_out", TransportCause.of(refused).label());
        // With an unknown number it is not a refusal, despite its class.
        var unknown = assertThrows(ConnectException.class, () -> Errors.handleConnectErrno("connect", -UNKNOWN));
        assertEquals("transport_error", TransportCause.of(unknown).label());
    }

    @Test
    void onlyWhenBindingIsAnAddressTheSources() {
        var error = new NativeIoException("bind", -Errno.EADDRNOTAVAIL.number());
        assertEquals(TransportCause.SOURCE_ADDRESS, TransportCause.ofSource(error));
        assertEquals(TransportCause.PORTS, TransportCause.of(error));
        var used = new NativeIoException("bind", -Errno.EADDRINUSE.number());
        assertEquals("ports", TransportCause.ofSource(used).label());
    }

    @Test
    void anUnreachableHostAndAnUnreachableNetworkAreReported() {
        assertEquals(TransportCause.HOST_UNREACHABLE,
                TransportCause.of(new NativeIoException("", -Errno.EHOSTUNREACH.number())));
        assertEquals(TransportCause.NETWORK_UNREACHABLE,
                TransportCause.of(new NativeIoException("", -Errno.ENETUNREACH.number())));
    }

    /** The JDK's exceptions have a class and a message in the user's language, so no English word may decide. */
    @Test
    void withoutANumberTheClassDecides() {
        assertEquals("connection_refused", TransportCause.of(new ConnectException("abgelehnt")).label());
        assertEquals("connection_refused", TransportCause.of(new PortUnreachableException()).label());
        assertEquals("ports", TransportCause.of(new BindException("vergeben")).label());
        assertEquals("unreachable", TransportCause.of(new NoRouteToHostException()).label());
        assertEquals("connection_timed_out", TransportCause.of(new SocketTimeoutException()).label());
        assertEquals("connection_closed", TransportCause.of(new ClosedChannelException()).label());
        assertEquals("connection_closed", TransportCause.of(new EOFException()).label());
        assertEquals("memory", TransportCause.of(new IOException(new OutOfMemoryError("Direct"))).label());
        assertEquals("transport_error", TransportCause.of(new SocketException("refused, reset, timed out")).label());
    }

    /** A write may fail this way, with the reset as its cause. */
    @Test
    void aNumberSaysMoreThanAClass() {
        var error = new ClosedChannelException();
        error.initCause(new NativeIoException("", -Errno.ECONNRESET.number()));
        assertEquals("connection_reset", TransportCause.of(error).label());
    }

    @Test
    void anUnknownErrorKeepsItsMessage() {
        assertEquals("the transport failed: neu", told(new IOException("neu")));
        assertEquals("the transport failed: neu", told(new IOException(new IOException("neu"))));
        assertEquals("the transport failed: SocketException", told(new SocketException()));
    }

    private static String told(Exception error) {
        assertEquals("transport_error", TransportCause.of(error).label());
        return TransportCause.of(error).meaning(error);
    }

    /** Tests this JVM's own language; another test starts a JVM with a different one. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatReallyHappensHasItsCause() {
        assertEquals(CausesInAnyLanguage.EXPECTED,
                CausesInAnyLanguage.all().stream().map(Told::cause).toList());
    }
}
