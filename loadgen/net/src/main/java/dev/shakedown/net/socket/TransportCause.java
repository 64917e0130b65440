package dev.shakedown.net.socket;

import java.io.EOFException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cause of a transport error, by the operating system's error number or, if that is unknown, by the exception's
 * class. The names are the same on every transport and in every language.
 */
public enum TransportCause {
    // What the generator itself ran out of, or was told to use but does not have
    PORTS(null),
    SOURCE_ADDRESS(null),
    DESCRIPTORS(null),
    MEMORY(null),
    // The server, or the network path to it
    CONNECTION_REFUSED("nothing listens at the target's port"),
    CONNECTION_RESET("the server reset the connection"),
    CONNECTION_CLOSED("the server closed the connection"),
    CONNECTION_TIMED_OUT("the network gave up on the connection"),
    NOT_PERMITTED("this machine's rules forbid the connection"),
    NETWORK_UNREACHABLE("there is no route to the target's network"),
    HOST_UNREACHABLE(
            "the target's host cannot be reached: nothing answers for its address, or a firewall or router on the way"
                    + " rejects packets"),
    BLACKHOLE("a route of this machine drops packets to the target (blackhole)"),
    /** One of the three above, but it is unknown which. */
    UNREACHABLE("the network cannot reach the target"),
    /** Anything else. */
    TRANSPORT_ERROR("the transport failed");

    private final @Nullable String meaning;

    TransportCause(@Nullable String meaning) {
        this.meaning = meaning;
    }

    /** Returns the cause of {@code error}. */
    public static TransportCause of(Throwable error) {
        return Errno.of(error).map(errno -> of(errno, chain(error).anyMatch(SourceException.class::isInstance)))
                .or(() -> chain(error).flatMap(cause -> byClass(cause).stream()).findFirst()).orElse(TRANSPORT_ERROR);
    }

    /** Returns the cause of {@code error} when a socket could not be bound to its source address. */
    public static TransportCause ofSource(Throwable error) {
        return of(new SourceException(error));
    }

    private static TransportCause of(Errno errno, boolean whenBinding) {
        return switch (errno) {
            case EADDRNOTAVAIL -> whenBinding ? SOURCE_ADDRESS : PORTS;
            case EADDRINUSE -> PORTS;
            case EMFILE, ENFILE -> DESCRIPTORS;
            case ENOMEM, ENOBUFS -> MEMORY;
            case ECONNREFUSED -> CONNECTION_REFUSED;
            case ECONNRESET, EPIPE -> CONNECTION_RESET;
            case ETIMEDOUT -> CONNECTION_TIMED_OUT;
            case EPERM, EACCES -> NOT_PERMITTED;
            case ENETUNREACH, ENETDOWN -> NETWORK_UNREACHABLE;
            case EHOSTUNREACH, EHOSTDOWN -> HOST_UNREACHABLE;
            case EINVAL -> BLACKHOLE;
        };
    }

    private static Optional<TransportCause> byClass(Throwable error) {
        return Optional.ofNullable(switch (error) {
            case OutOfMemoryError _ -> MEMORY;
            case BindException _ -> PORTS;
            // The JDK's exception is a refusal; one with a number, which is not one of those above, is Netty's for
            // anything.
            case ConnectException refusal when !Errno.isNumbered(refusal) -> CONNECTION_REFUSED;
            case PortUnreachableException _ -> CONNECTION_REFUSED;
            case NoRouteToHostException _ -> UNREACHABLE;
            case SocketTimeoutException _ -> CONNECTION_TIMED_OUT;
            // The server's close may fail a write before a read sees it.
            case ClosedChannelException _,EOFException _ -> CONNECTION_CLOSED;
            default -> null;
        });
    }

    /**
     * Returns the name in results, such as {@code connection_refused}; everything unreachable has the name
     * {@code unreachable}.
     */
    public String label() {
        return switch (this) {
            case NETWORK_UNREACHABLE, HOST_UNREACHABLE, BLACKHOLE -> UNREACHABLE.label();
            default -> name().toLowerCase(Locale.ROOT);
        };
    }

    /**
     * Whether the generator ran out of something, or was told to use what it does not have; neither is the server's
     * fault.
     */
    public boolean isOwn() {
        return meaning == null;
    }

    /**
     * Returns one sentence that explains the cause.
     *
     * @param error the error with this cause; {@code null} if unknown
     */
    public String meaning(@Nullable Throwable error) {
        return this == TRANSPORT_ERROR && error != null
                ? meaning + ": " + firstMessage(error)
                : meaning == null ? "this machine has run out of " + label() : meaning;
    }

    private static Stream<Throwable> chain(Throwable error) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause);
    }

    /** Returns the first message in the chain of causes that does not just repeat its cause. */
    private static String firstMessage(Throwable error) {
        return chain(error).filter(each -> each.getMessage() != null && each.getCause() == null)
                .map(Throwable::getMessage).findFirst().orElseGet(
                        () -> error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
    }
}
