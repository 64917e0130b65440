package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A container whose filter of system calls lets rings be set up, but not entered. */
@Tag("interop")
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class RefusedCallTest {
    private static final String FILTER = """
            #include <errno.h>
            #include <linux/filter.h>
            #include <linux/seccomp.h>
            #include <stddef.h>
            #include <sys/prctl.h>
            #include <unistd.h>
            int main(int count, char **command) {
                struct sock_filter filter[] = {
                    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
                    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 426, 0, 1), /* io_uring_enter */
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
                    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
                struct sock_fprog program = {4, filter};
                if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
                    return 77;
                execv(command[1], command + 1);
                return 78;
            }
            """;

    @TempDir
    private Path directory;

    private record Ended(int exitCode, String out, String err) {}

    @BeforeEach
    void compile() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("filter.c"), FILTER);
        try {
            assumeTrue(new ProcessBuilder("gcc", "-o", "filter", "filter.c").directory(directory.toFile())
                    .redirectErrorStream(true).redirectOutput(directory.resolve("gcc.log").toFile()).start()
                    .waitFor() == 0,
                    "there are no headers for gcc");
        } catch (IOException e) {
            assumeTrue(false, "there is no gcc");
        }
    }

    @Test
    void anotherTransportIsTakenInSilence() throws IOException, InterruptedException {
        var ended = filtered("run", "--count", "4", "--warmup", "0s", "--quiet", "--out",
                directory.resolve("out").toString());
        assertEquals("", ended.err);
        assertEquals(0, ended.exitCode);
        assertTrue(ended.out.contains("4 completed") && !ended.out.contains("io_uring"), ended.out);
    }

    @Test
    void whoAsksForItIsToldWhyNot() throws IOException, InterruptedException {
        var ended = filtered("run", "--transport", "io_uring");
        assertEquals(2, ended.exitCode);
        assertTrue(ended.err.startsWith("shakedown: transport io_uring cannot be used here ("), ended.err);
        assertEquals(1, ended.err.lines().count(), ended.err);
    }

    private Ended filtered(String... arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(directory.resolve("filter").toString(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                System.getProperty("java.class.path"), "dev.shakedown.cli.Main");
        builder.command().addAll(List.of(arguments));
        var err = directory.resolve("err");
        var process = builder.redirectError(err.toFile()).start();
        try {
            var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(40, TimeUnit.SECONDS));
            assumeTrue(process.exitValue() != 77, "this kernel has no such filters");
            return new Ended(process.exitValue(), out, Files.readString(err));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
