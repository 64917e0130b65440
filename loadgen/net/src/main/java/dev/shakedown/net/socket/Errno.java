package dev.shakedown.net.socket;

import io.netty.channel.unix.Errors.NativeIoException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The operating system's error numbers with which a connection may fail (errno(3)). Netty's native transports report
 * the number; the JDK only reports the operating system's message, in the user's language, so the messages are read
 * from the operating system, too.
 */
enum Errno {
    EPERM(1, 1),
    ENOMEM(12, 12),
    EACCES(13, 13),
    /** Linux reports it for a blackhole route. */
    EINVAL(22, 22),
    ENFILE(23, 23),
    EMFILE(24, 24),
    EPIPE(32, 32), //
    EADDRINUSE(98, 48),
    EADDRNOTAVAIL(99, 49),
    ENETDOWN(100, 50),
    ENETUNREACH(101, 51),
    ECONNRESET(104, 54), //
    ENOBUFS(105, 55),
    ETIMEDOUT(110, 60),
    ECONNREFUSED(111, 61),
    EHOSTDOWN(112, 64),
    EHOSTUNREACH(113, 65);

    /** The other systems that Netty's native transports support descend from BSD. */
    private static final boolean LINUX = "Linux".equals(System.getProperty("os.name"));
    /** The end of the message of Netty's exception for a failed connect, which has the number nowhere else. */
    private static final Pattern NETTY_ERROR = Pattern.compile("\\(\\.\\.\\) failed with error\\(-(\\d+)\\)");
    /** The JDK's own message for a reset, which is the same in every language. */
    private static final String JDK_RESET = "Connection reset";
    private static final Map<String, Errno> TEXTS = texts();

    private final int linux;
    private final int bsd;

    Errno(int linux, int bsd) {
        this.linux = linux;
        this.bsd = bsd;
    }

    /** Returns the number on this machine's operating system; positive. */
    int number() {
        return LINUX ? linux : bsd;
    }

    /**
     * Returns the number that {@code error} or one of its causes reports; empty if there is none, or not one of these.
     */
    static Optional<Errno> of(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            var found = ofOne(cause);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Whether {@code error} reports a number, even if it is not one of these. */
    static boolean isNumbered(Throwable error) {
        return error instanceof NativeIoException
                || error.getMessage() != null && NETTY_ERROR.matcher(error.getMessage()).find();
    }

    private static Optional<Errno> ofOne(Throwable error) {
        if (error instanceof NativeIoException numbered) {
            return of(-numbered.expectedErr());
        }
        if (error.getMessage() == null) {
            return Optional.empty();
        }
        var number = NETTY_ERROR.matcher(error.getMessage());
        return number.find()
                ? of(Integer.parseInt(number.group(1)))
                : Optional.ofNullable(TEXTS.get(error.getMessage()));
    }

    private static Optional<Errno> of(int number) {
        for (var errno : values()) {
            if (errno.number() == number) {
                return Optional.of(errno);
            }
        }
        return Optional.empty();
    }

    /** Returns the numbers by the messages of strerror(3), which the JDK uses; empty if Java may not call it. */
    @SuppressWarnings("restricted")
    private static Map<String, Errno> texts() {
        var texts = new HashMap<String, Errno>();
        texts.put(JDK_RESET, ECONNRESET);
        try {
            var linker = Linker.nativeLinker();
            var strerror = linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
                    FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            var charset = Charset.forName(System.getProperty("native.encoding"));
            for (var errno : values()) {
                var text = (MemorySegment) strerror.invokeExact(errno.number());
                texts.put(text.reinterpret(Long.MAX_VALUE).getString(0, charset), errno);
            }
        } catch (Throwable _) {
            // Exceptions are then told apart by class.
        }
        return Map.copyOf(texts);
    }
}
