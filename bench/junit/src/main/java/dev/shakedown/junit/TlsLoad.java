package dev.shakedown.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Loads a TLS server with handshakes after the {@code @BeforeEach} methods and before the test method runs. On a class,
 * it applies to each test method that has no annotation of its own. Two loads never run at the same time in one JVM.
 *
 * <p>The test fails if the {@linkplain #objective objective} was missed, the {@linkplain #rate rate} was not achieved,
 * too few sessions came for the share of {@linkplain #resumed resumed} handshakes, or no handshake completed. It is
 * aborted, which is neither passed nor failed, if the generator or its machine may have distorted the figures. The test
 * method may take the result as a parameter of type {@link dev.shakedown.results.RunResult}.
 *
 * <p>{@link #target} or {@link TlsLoadTarget} says which server is loaded. Each load writes its results to a new
 * directory below {@code target/tls-load}, or below the one that the configuration parameter {@code shakedown.results}
 * names.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TlsLoadExtension.class)
@ResourceLock("dev.shakedown.junit.TlsLoad")
public @interface TlsLoad {
    /**
     * The server, as {@code HOST}, {@code HOST:PORT}, {@code https://HOST:PORT}, or {@code NAME@HOST:PORT} to ask for
     * another server name. If empty, a {@link TlsLoadTarget} says which server.
     */
    String target() default "";

    /**
     * Handshakes per second, from 0.001 to 10,000,000, each begun on time whatever became of those before: an open
     * loop. Give either this or {@link #connections}.
     */
    double rate() default 0;

    /** Concurrent handshakes, at least 1, each begun when the one before it has ended: a closed loop. */
    int connections() default 0;

    /**
     * What must hold: terms separated by commas, such as {@code p99<20ms,failures<0.1%}. A term is p50, p90, p95, p99,
     * p99.9, mean or max below a time, or failures below a share. Latency is measured from the planned start. If empty,
     * at least one handshake must complete.
     */
    String objective() default "";

    /** How long handshakes are measured, such as {@code 10s} or {@code 1m}. */
    String duration() default "10s";

    /** How long the load runs before it is measured; {@code 0} for no warm-up. */
    String warmup() default "2s";

    /** The share of handshakes that ask to resume a session, from 0 to 1, rounded to a percent. */
    double resumed() default 0.5;

    /** The versions to offer, such as {@code 1.3} or {@code 1.2-1.3}. */
    String tls() default "1.2-1.3";

    /** The server name to ask for (RFC 6066, 3). If empty, the target's host, unless that is an address. */
    String serverName() default "";

    /**
     * Servers on other machines that may be loaded: hosts, addresses, or networks such as {@code 192.0.2.0/24}. Any
     * other is refused before the first packet. Name only servers that are yours, or whose operator has agreed.
     */
    String[] authorizedTargets() default {};
}
