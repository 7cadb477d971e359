using System.Diagnostics;
using DeviceId.Notebooks.Commands;
using DeviceId.Notebooks.Format;

namespace DeviceId.Tests.Notebooks;

public sealed class OutputFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnInputIsRefusedByAnyOfItsNamesEvenWithForce()
    {
        var input = Write("in.wav", "sound");
        File.CreateSymbolicLink(_folder.File("link.wav"), input);
        Directory.CreateDirectory(_folder.File("real"));
        Directory.CreateSymbolicLink(_folder.File("alias"), _folder.File("real"));
        var deep = Write("real/deep.wav", "sound");
        var outputs = new OutputFiles(force: true);
        outputs.AddInput("a questioned recording", input);
        outputs.AddInput("a questioned recording", _folder.File("alias/deep.wav"));
        string[] names = [input, _folder.File("link.wav"), _folder.File("real/../in.wav"), deep];
        Assert.All(names, name => Assert.Contains("is a questioned recording",
            Assert.Throws<NotebookException>(() => outputs.Require("--json", name, OwnFile.IsJson)).Message, StringComparison.Ordinal));
        Assert.Equal("sound", File.ReadAllText(input));
    }

    [Fact]
    public void AHardLinkOfAnInputIsRefused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Hard links are told by device and inode on Linux alone.");
        var input = Write("in.wav", "sound");
        Run("ln", input, _folder.File("hard.wav"));
        var outputs = new OutputFiles(force: true);
        outputs.AddInput("the model", input);
        Assert.Throws<NotebookException>(() => outputs.Require("--csv", _folder.File("hard.wav"), OwnFile.IsCsv));
    }

    [Fact]
    public void AnotherOutputIsRefused()
    {
        var outputs = new OutputFiles(force: true);
        outputs.Require("--json", _folder.File("a.txt"), OwnFile.IsJson);
        Assert.Contains("also the file of --json", Assert.Throws<NotebookException>(
            () => outputs.Require("--csv", _folder.File("a.txt"), OwnFile.IsCsv)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileOfAnotherProgramIsReplacedOnlyWithForceAndAnEmptyOneAlways()
    {
        var foreign = Write("notes.json", "{ \"mine\": 1 }");
        Assert.Contains("--force", Assert.Throws<NotebookException>(
            () => new OutputFiles(force: false).Require("--json", foreign, OwnFile.IsJson)).Message, StringComparison.Ordinal);
        new OutputFiles(force: true).Require("--json", foreign, OwnFile.IsJson);
        new OutputFiles(force: false).Require("--json", Write("empty.json", ""), OwnFile.IsJson);
        new OutputFiles(force: false).Require(
            "--json", Write("own.json", "{\n  \"schema\": \"deviceid-identification/2\",\n"), OwnFile.IsJson);
        // An output of the program under another option's name is foreign too.
        Assert.Throws<NotebookException>(() => new OutputFiles(force: false).Require("--csv", _folder.File("own.json"), OwnFile.IsCsv));
    }

    [Fact]
    public void ADeviceOrAPipeIsNoOutput()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Special files are told on Linux alone.");
        Run("mkfifo", _folder.File("pipe"));
        foreach (var path in new[] { "/dev/null", _folder.File("pipe") })
            Assert.Contains("Name a file.", Assert.Throws<NotebookException>(
                () => new OutputFiles(force: true).Require("--json", path, OwnFile.IsJson)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameTooLongIsRefusedBeforeTheWork()
    {
        new OutputFiles(force: false).Require("--json", _folder.File(new string('a', WritableFile.MaxNameBytes)), OwnFile.IsJson);
        Assert.Contains("too long", Assert.Throws<NotebookException>(() => new OutputFiles(force: false)
            .Require("--json", _folder.File(new string('a', WritableFile.MaxNameBytes + 1)), OwnFile.IsJson)).Message,
            StringComparison.Ordinal);
        // The limit is that of the file system: the temporary name of the longest one is 255 bytes.
        DeviceId.Foundation.AtomicFile.WriteText(_folder.File(new string('a', WritableFile.MaxNameBytes)), "x");
        Assert.ThrowsAny<IOException>(() =>
            DeviceId.Foundation.AtomicFile.WriteText(_folder.File(new string('a', WritableFile.MaxNameBytes + 1)), "x"));
    }

    [Fact]
    public void LongNamesOfPagesAreShortenedWithAHashAndStayDifferent()
    {
        var (first, second) = (PageFiles.Shorten(new string('a', 250) + "1"), PageFiles.Shorten(new string('a', 250) + "2"));
        Assert.NotEqual(first, second);
        Assert.Equal(first, PageFiles.Shorten(new string('a', 250) + "1"));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(PageFiles.Shorten(new string('ü', 120) + ".wav")), 190, 203);
        Assert.Equal("a b\"<é>.wav", PageFiles.Shorten("a b\"<é>.wav"));
    }

    [Fact]
    public void PipesEmptyNamesAndEmptyFoldersAreListedAndNeverOpened()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Special files are told on Linux alone.");
        Directory.CreateDirectory(_folder.File("empty"));
        Directory.CreateDirectory(_folder.File("some"));
        Write("some/a.wav", "sound");
        Write("some/note.txt", "text");
        Run("mkfifo", _folder.File("some/x.wav"));
        Run("mkfifo", _folder.File("pipe.wav"));
        var listed = QuestionedFiles.List(["", _folder.File("pipe.wav"), "/dev/zero", _folder.File("empty"), _folder.File("some"), "-"]);
        Assert.Equal([_folder.File("some/a.wav"), "-"], listed.Files);
        Assert.Equal(["''", _folder.File("pipe.wav"), "/dev/zero", _folder.File("empty"), _folder.File("some/x.wav")],
            listed.Failures.Select(failure => failure.File));
        Assert.Contains("a named pipe", listed.Failures[1].Reason, StringComparison.Ordinal);
        Assert.Contains("a device", listed.Failures[2].Reason, StringComparison.Ordinal);
        Assert.Contains("note.txt", Assert.Single(listed.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void TheReasonOfAFailureIsTheTrueOne()
    {
        Assert.Contains("disk is full", FailureReason.Describe(new IOException("No space left on device", 28)), StringComparison.Ordinal);
        Assert.Equal("Input/output error", FailureReason.Describe(new IOException("Input/output error", 5)));
        Assert.Contains("not enough memory", FailureReason.Describe(new OutOfMemoryException()), StringComparison.Ordinal);
        Assert.Contains("InvalidCastException: odd", FailureReason.Describe(new InvalidCastException("odd")), StringComparison.Ordinal);
        Assert.Contains("not valid UTF-8", FailureReason.Describe(
            new DeviceId.Audio.AudioException("/a/\uFFFD.wav", "the file cannot be opened.")), StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
