package dev.shakedown.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the field or the method without parameters of a test class that says which server {@link TlsLoad} loads. It may
 * be static. It is read when a load begins, so a {@code @BeforeAll} or {@code @BeforeEach} method may start the server.
 * Its value is one of these:
 *
 * <ul>
 * <li>a {@link dev.shakedown.server.TlsServer}, the embedded server,
 * <li>an {@link java.net.InetSocketAddress}; the wildcard address stands for this machine's loopback address,
 * <li>an {@link Integer}, a port of the loopback address,
 * <li>a {@link String}, as in {@link TlsLoad#target},
 * <li>a {@link dev.shakedown.net.Target}.
 * </ul>
 */
@Documented
@Target({ElementType.FIELD, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface TlsLoadTarget {
}
