package dev.shakedown.run;

import dev.shakedown.load.process.CpuReading;
import dev.shakedown.load.process.CpuSource;
import dev.shakedown.load.process.ServerCpu;
import dev.shakedown.server.TlsServer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;

/** What can be seen of the server that is loaded, beside what it answers. */
public sealed interface WatchedServer {
    /** Nothing. */
    record Nothing() implements WatchedServer {
        @Override
        public Optional<CpuSource> cpu() {
            return Optional.empty();
        }

        @Override
        public OptionalLong id() {
            return OptionalLong.empty();
        }
    }

    /** Its process on this machine; see {@link ServerCpu#canWatch}. */
    record Process(long pid) implements WatchedServer {
        @Override
        public Optional<CpuSource> cpu() {
            return Optional.of(new ServerCpu(pid));
        }

        @Override
        public OptionalLong id() {
            return OptionalLong.of(pid);
        }
    }

    /** The embedded server, which shares this process with the generator. */
    record Embedded(TlsServer server) implements WatchedServer {
        @Override
        public Optional<CpuSource> cpu() {
            return Optional.of(() -> CpuReading.exact(server.cpuNanos()));
        }

        @Override
        public OptionalLong id() {
            return OptionalLong.of(ProcessHandle.current().pid());
        }

        /** CPU time that it has used so far, seconds. */
        DoubleSupplier cpuSeconds() {
            return () -> server.cpuNanos() / 1e9;
        }
    }

    /** Where its CPU time is read, for one run; empty if it is not watched. */
    Optional<CpuSource> cpu();

    /** The process that its CPU time is of; empty if it is not watched. */
    OptionalLong id();
}
