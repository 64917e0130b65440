package dev.shakedown.results;

import java.util.Locale;

/**
 * A setting of a run, a handshake or a comparison. Advice refers to settings by these constants; the code that prints
 * the advice knows their names, such as those of options.
 */
public enum Setting implements Advice.Piece {
    // The client's offer

    VERSIONS,
    SUITES,
    GROUPS,
    SERVER_NAME,
    ALPN,
    CLIENT_CERTIFICATE,
    PSK_MODE,
    /** Whether no session tickets are requested. */
    NO_TICKETS,
    EARLY_DATA,

    // How the client does its part

    AUTHORITY,
    VERIFY,
    KEY_SHARE,
    STARTTLS,
    TIMEOUT,

    // The load

    CONCURRENCY,
    MIX,
    RESUME_USES,
    WARMUP,
    CLOSE,
    THREADS,
    MAX_LATE,
    MAX_IN_FLIGHT,
    SOURCE_ADDRESS,
    CONNECTIONS_PER_SOURCE,

    // What is watched and compared

    /** The process whose CPU time is read. */
    SERVER_PROCESS,
    /** In what the setups of two results may differ. */
    DESPITE,
    /** Whether the measured figures become the new baseline. */
    UPDATE;

    /** The names of settings. */
    public interface Names {
        /** The settings' own names, where they are not set by options. */
        Names OWN = setting -> setting.name().toLowerCase(Locale.ROOT).replace('_', ' ');

        String of(Setting setting);
    }

    /** Returns this setting with the value to give it. */
    public Advice.Piece to(String value) {
        return new Advice.Value(this, value);
    }
}
