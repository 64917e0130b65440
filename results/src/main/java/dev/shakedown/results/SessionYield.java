package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How many sessions a server gives, and so which share of handshakes can be resumed for long.
 *
 * @param perFull    sessions that a full handshake brings, at least 0
 * @param perResumed sessions that a resumed handshake brings, at least 0
 * @param uses       how often each session is offered, at least 1
 */
public record SessionYield(int perFull, int perResumed, int uses) {
    /**
     * The largest share of handshakes, 0 to 1, that can be resumed in the long run: those spend as many sessions as all
     * handshakes together bring.
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double mostShare() {
        if (perFull == 0) {
            return 0;
        }
        var full = (double) uses * perFull;
        var resumed = (double) uses * perResumed;
        return resumed >= 1 ? 1 : full / (1 + full - resumed);
    }

    /**
     * How often each session would have to be offered for {@code share} of handshakes to be resumed; 0 if none
     * suffices.
     */
    public int usesFor(double share) {
        var brought = (1 - share) * perFull + share * perResumed;
        return brought <= 0 ? 0 : (int) Math.ceil(share / brought - 1e-9);
    }
}
