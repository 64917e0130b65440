package dev.shakedown.results;

import java.util.Locale;

/**
 * What one can set about a run, a handshake or a comparison. Those who give advice name it so; whoever prints the
 * advice knows by what name people set it, such as an option's.
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
    /** That no session tickets are asked for. */
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
    /** What two results may differ in besides what was measured. */
    DESPITE,
    /** That what was measured becomes the new baseline. */
    UPDATE;

    /** By what name people set something. */
    public interface Names {
        /** The settings' own, for who sets them in another way than by options. */
        Names OWN = setting -> setting.name().toLowerCase(Locale.ROOT).replace('_', ' ');

        String of(Setting setting);
    }

    /** This one with the value to give it. */
    public Advice.Piece to(String value) {
        return new Advice.Value(this, value);
    }
}
