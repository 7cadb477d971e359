using System.ComponentModel;
using DeviceId.Foundation;

namespace DeviceId.Tests.Foundation;

public sealed class ChildProgramTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void AProgramThatWritesWhileItStillReadsNeitherBlocksNorIsCutOff()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("uses cat");
        var input = new byte[5_000_000];
        new Random(3).NextBytes(input);
        var (exitCode, output, errors) = ChildProgram.Run("cat", [], input, Limit, maxBytes: input.Length);
        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Equal(input, output);
        Assert.Throws<InvalidDataException>(() => ChildProgram.Run("cat", [], input, Limit, maxBytes: input.Length - 1));
    }

    [Fact]
    public void AnArgumentIsNeverACommandAndAMissingProgramIsReported()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("uses echo and sh");
        Assert.Equal("$(id); ls\n", System.Text.Encoding.UTF8.GetString(ChildProgram.Run("echo", ["$(id); ls"], [], Limit, 1000).Output));
        Assert.Equal(7, ChildProgram.Run("sh", ["-c", "exit 7"], new byte[1 << 20], Limit, 1000).ExitCode);
        Assert.Throws<TimeoutException>(() => ChildProgram.Run("sleep", ["60"], [], TimeSpan.FromMilliseconds(200), 1000));
        Assert.Throws<Win32Exception>(() => ChildProgram.Run("no-such-program", [], [], Limit, 1000));
        Assert.False(ChildProgram.IsInstalled("no-such-program"));
        Assert.True(ChildProgram.IsInstalled("sh"));
    }
}
