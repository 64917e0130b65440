package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How many sessions a server issues, which limits the share of handshakes that can be resumed in the long run.
 *
 * @param perFull    sessions issued per full handshake, at least 0
 * @param perResumed sessions issued per resumed handshake, at least 0
 * @param uses       how often each session is offered, at least 1
 */
public record SessionYield(int perFull, int perResumed, int uses) {
    /**
     * Returns the largest share of handshakes, 0 to 1, that can be resumed in the long run: they use as many sessions
     * as the server issues for all handshakes together.
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
     * Returns how often each session would have to be offered for {@code share} of handshakes to be resumed; 0 if no
     * number is enough.
     */
    public int usesFor(double share) {
        var issued = (1 - share) * perFull + share * perResumed;
        return issued <= 0 ? 0 : (int) Math.ceil(share / issued - 1e-9);
    }
}
