package dev.shakedown.results;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why the generator could not start an arrival that was due. */
public enum UnsentReason {
    /** The machine has no local port left for the target. */
    PORTS,
    /** Every source address has as many connections as allowed. */
    SOURCES,
    /** A source address is not one of this machine's. */
    SOURCE_ADDRESS,
    /** The process may open no more files. */
    DESCRIPTORS,
    MEMORY,
    /** As many arrivals were under way as allowed, since the server kept them waiting. */
    MAX_IN_FLIGHT,
    /** The generator was later than allowed. */
    LATE;

    /** Returns the name in results, such as {@code max_in_flight}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the reason of a name in results; empty for a name that only another version knows. */
    public static Optional<UnsentReason> of(String label) {
        return Arrays.stream(values()).filter(reason -> reason.label().equals(label)).findFirst();
    }

    /** Whether it is a limit that the user has set, and that a slow server makes the generator reach. */
    public boolean isLimit() {
        return this == MAX_IN_FLIGHT || this == SOURCES;
    }
}
