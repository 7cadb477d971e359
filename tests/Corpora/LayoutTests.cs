using DeviceId.Audio;
using DeviceId.Corpora;
using DeviceId.Foundation;

namespace DeviceId.Tests.Corpora;

public sealed class LayoutTests
{
    [Fact]
    public void TheRealRecordingsAre45PhonesWithFourSentencesEach()
    {
        var corpus = CcnuMobile.Open(TestPaths.RealData("ccnu-mobile"));

        Assert.Equal((45, 180), (corpus.Devices.Count, corpus.Recordings.Count));
        Assert.Empty(corpus.Skipped);
        Assert.Equal(["001", "002", "003", "004"], corpus.Recordings.Select(r => r.Sentence).Distinct().Order(StringComparer.Ordinal));
        Assert.All(corpus.Recordings, r => Assert.Equal(32000, r.SampleRate));
        Assert.Equal(4, Folds.LeaveOneSentenceOut(corpus).Count);
        Assert.Equal(DeviceNameTests.Names.Select(row => row.Data.Item1).Order(StringComparer.Ordinal), corpus.Devices);
    }

    [Fact]
    public void FlatFolderedAndMixedCcnuLayoutsAreOneCorpus()
    {
        using var flat = new TemporaryFolder();
        using var mixed = new TemporaryFolder();
        string[] names = ["phone_1", "phone_10", "my phone(1)_1", "my phone(1)_10"];
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
        {
            FakeCorpus.WriteSound(flat.File(name + ".wav"), i);
            FakeCorpus.WriteSound(i < 2 ? mixed.File(name + ".wav") : Path.Combine(mixed.Path, "my phone(1)", name + ".WAV"), i);
        }

        Assert.True(CcnuMobile.Recognises(flat.Path));
        Assert.True(CcnuMobile.Recognises(mixed.Path));
        Assert.Equal(CcnuMobile.Open(flat.Path).Fingerprint, CcnuMobile.Open(mixed.Path).Fingerprint);
        Assert.Equal(["my phone(1)", "phone"], CcnuMobile.Open(flat.Path).Devices);
        Assert.Equal(["001", "010"], CcnuMobile.Open(flat.Path).Recordings.Where(r => r.Device == "phone").Select(r => r.Sentence));
    }

    [Fact]
    public void ACorpusWithOneFolderPerDeviceIsNotNamedCcnuMobile()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, i) in new[] { "red", "blue" }.Select((name, i) => (name, i)))
            FakeCorpus.WriteSound(Path.Combine(folder.Path, "laboratory", name, $"{name}_1.wav"), i);
        var corpus = CorpusFinder.Open(folder.File("laboratory"), "", SimulatedCorpusOptions.Small);
        Assert.Equal(("laboratory", "001"), (corpus.Name, corpus.Recordings[0].Sentence));
        // The prefix of a camera's file names is not a device.
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "laboratory", "red", "IMG_7.wav"), 9);
        Assert.Equal(["blue", "red"], CorpusFinder.Open(folder.File("laboratory"), "", SimulatedCorpusOptions.Small).Devices);
    }

    [Fact]
    public void AFileOutsideTheFoldersWithACcnuMobileNameDoesNotMergePhones()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, i) in new[] { "s8/AUD_1", "s8/AUD_2", "mi8/REC_1", "mi8/REC_10", "iphone/REC_1", "iphone/REC_2", "REC_99" }
            .Select((name, i) => (name, i)))
            FakeCorpus.WriteSound(folder.File(name + ".wav"), i);

        var corpus = CorpusFinder.Open(folder.Path, "", SimulatedCorpusOptions.Small);

        Assert.Equal(["iphone", "mi8", "s8"], corpus.Devices);
        Assert.Equal(("REC_99.wav", "it is not in a device's folder"),
            (Path.GetFileName(Assert.Single(corpus.Skipped).Path), corpus.Skipped[0].Reason));
    }

    [Fact]
    public void HiddenFoldersDoNotAffectTheLayout()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(folder.File("phone_1.wav"), 1);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, ".trash", "noise.wav"), 2);
        Assert.True(CcnuMobile.Recognises(folder.Path));
    }

    [Fact]
    public void RecordingsInTheDataFolderAreFoundAndOtherwiseSimulatedOnesAreUsed()
    {
        using var data = new TemporaryFolder();
        var ccnuFolder = data.File(CorpusFinder.CcnuMobileFolder);
        Directory.CreateDirectory(ccnuFolder);
        File.WriteAllText(Path.Combine(ccnuFolder, "readme.txt"), "text");
        Assert.False(AudioFolder.HoldsAudio(ccnuFolder));
        Assert.False(AudioFolder.HoldsAudio(data.File("none")));
        Assert.True(CorpusFinder.Open("", data.Path, SimulatedCorpusOptions.Small with { SecondsPerSentence = 1 }).IsSimulated);
        FakeCorpus.WriteSound(Path.Combine(ccnuFolder, "phone_1.WAV"), 1);
        Assert.True(AudioFolder.HoldsAudio(ccnuFolder));
        Assert.Equal(["phone"], CorpusFinder.Open("", data.Path, SimulatedCorpusOptions.Small).Devices);
    }

    [Fact]
    public void SkippedRecordingsAreNamedWithFolderAndReason()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, i) in new[] { "red/kitchen", "blue/kitchen", "blue/hall" }.Select((name, i) => (name, i)))
            FakeCorpus.WriteSound(folder.File(name + ".wav"), i);
        File.WriteAllText(folder.File("red/hall.wav"), "this is a text, not audio, although its extension is .wav");
        Directory.CreateDirectory(folder.File("blue/again"));
        File.Copy(folder.File("blue/hall.wav"), folder.File("blue/again/hall.wav"));

        var notice = DeviceFolders.Open(folder.Path).SkippedNotice;

        Assert.StartsWith("2 of 5 recordings were left out: ", notice, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine("red", "hall.wav")}: ", notice, StringComparison.Ordinal);
        Assert.Contains($"{Path.Combine("blue", "hall.wav")}: it is a copy of ", notice, StringComparison.Ordinal);

        File.Delete(folder.File("red/kitchen.wav"));
        Assert.Contains(Path.Combine("red", "hall.wav"), Assert.Throws<CorpusException>(() => DeviceFolders.Open(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void UnreadableRecordingsAreSkippedAndOtherFilesIgnored()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(folder.File("phone_1.wav"), 1);
        File.Copy(folder.File("phone_1.wav"), folder.File("phone_01.wav"));
        FakeCorpus.WriteSound(folder.File("nameless.wav"), 2);
        File.WriteAllText(folder.File("phone_2.wav"), "this is a text, not audio, although its extension is .wav");
        File.WriteAllText(folder.File("readme.txt"), "text");
        FakeCorpus.WriteSound(folder.File("._phone_3.wav"), 3);

        var corpus = CcnuMobile.Open(folder.Path);

        Assert.Single(corpus.Recordings);
        Assert.Equal(["nameless.wav", "phone_1.wav", "phone_2.wav"],
            corpus.Skipped.Select(s => Path.GetFileName(s.Path)).Order(StringComparer.Ordinal));
        Assert.Equal(["._phone_3.wav", "readme.txt"], corpus.Ignored.Select(path => Path.GetFileName(path)));
        Assert.StartsWith("3 of 4 recordings", corpus.SkippedNotice, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeviceWithoutReadableRecordingsIsAnErrorThatNamesIt()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(folder.File("good_1.wav"), 1);
        File.WriteAllText(folder.File("broken_1.wav"), "this is a text, not audio, although its extension is .wav");

        var error = Assert.Throws<CorpusException>(() => CcnuMobile.Open(folder.Path));

        Assert.Contains("'broken'", error.Message, StringComparison.Ordinal);
        Assert.Contains("broken_1.wav", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordingWithoutSoundIsSkippedAndADeviceWithNoOtherIsAnError()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "red", "kitchen.wav"), 1);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "blue", "kitchen.wav"), 2);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "blue", "garden.wav"), 3);
        var silent = Path.Combine(folder.Path, "red", "garden.wav");
        WaveFile.Write(silent, new AudioClip(new float[8000], 8000));

        var corpus = DeviceFolders.Open(folder.Path);
        Assert.Equal(3, corpus.Recordings.Count);
        // Devices share file names, so the message includes the folder.
        Assert.Equal($"1 of 4 recordings were left out: {Path.Combine("red", "garden.wav")}: "
            + "there is no sound in it, all its samples are the same.", corpus.SkippedNotice);

        File.Delete(Path.Combine(folder.Path, "red", "kitchen.wav"));
        var error = Assert.Throws<CorpusException>(() => DeviceFolders.Open(folder.Path)).Message;
        Assert.Contains("none of the 1 recordings of device 'red' can be used. red/garden.wav: there is no sound in it", error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingOrEmptyFolderIsAnErrorThatNamesTheLayout()
    {
        using var empty = new TemporaryFolder();
        Assert.Contains("<device>_<number>.wav", Assert.Throws<CorpusException>(() => CcnuMobile.Open(empty.Path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no folder", Assert.Throws<CorpusException>(() => CcnuMobile.Open(empty.File("none"))).Message,
            StringComparison.Ordinal);
        Assert.Contains("one folder per device", Assert.Throws<CorpusException>(() => DeviceFolders.Open(empty.Path)).Message,
            StringComparison.Ordinal);
        Assert.Contains("DR1", Assert.Throws<CorpusException>(() => Timit.Open(empty.Path)).Message, StringComparison.Ordinal);
        Assert.False(CcnuMobile.Recognises(empty.Path));
        Assert.False(CcnuMobile.Recognises(empty.File("none")));
    }

    [Fact]
    public void TheSameNameInTwoDevicesFoldersIsOneSentence()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "red", "Kitchen.wav"), 1);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "red", "red_2.wav"), 2);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "blue", "quiet", "kitchen.WAV"), 3);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "blue", "blue 2.wav"), 4);
        FakeCorpus.WriteSound(folder.File("lost.wav"), 5);

        var corpus = DeviceFolders.Open(folder.Path);

        // One file name of CCNU-Mobile's form does not make this its layout.
        Assert.False(CcnuMobile.Recognises(folder.Path));
        Assert.False(CcnuMobile.Recognises(Path.Combine(folder.Path, "blue")));
        Assert.Equal(corpus.Fingerprint, CorpusFinder.Open(folder.Path, "", SimulatedCorpusOptions.Small).Fingerprint);
        Assert.Equal(["blue", "red"], corpus.Devices);
        Assert.Equal(["2", "kitchen", "2", "kitchen"], corpus.Recordings.Select(r => r.Sentence));
        Assert.Equal("lost.wav", Path.GetFileName(Assert.Single(corpus.Skipped).Path));
    }

    [Fact]
    public void ADeviceNameIsRemovedFromASentenceOnlyIfASeparatorFollows()
    {
        using var folder = new TemporaryFolder();
        // Numbers that begin with the folder name are sentences, and so are names that two devices share.
        foreach (var (device, d) in new[] { "1", "2" }.Select((name, i) => (name, i)))
            foreach (var (name, i) in new[] { "1", "2", "11", "12", "1-1", "2-1" }.Select((name, i) => (name, i)))
                FakeCorpus.WriteSound(Path.Combine(folder.Path, device, name + ".wav"), (10 * d) + i);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "Red", "redwood.wav"), 30);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "Red", "red.5.wav"), 31);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "Red", "red_.wav"), 32);

        var corpus = DeviceFolders.Open(folder.Path);

        string[] SentencesOf(string device) => [.. corpus.Recordings.Where(r => r.Device == device).Select(r => r.Sentence)];
        Assert.Equal(["1", "1-1", "11", "12", "2", "2-1"], SentencesOf("1"));
        Assert.Equal(SentencesOf("1"), SentencesOf("2"));
        Assert.Equal(["5", "red_", "redwood"], SentencesOf("Red"));
    }

    [Fact]
    public void NamesWithComposedAndDecomposedAccentsAreTheSameSentence()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "red", "K\u00FCche.wav"), 1);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "blue", "ku\u0308che.wav"), 2);
        // A folder and its file may use different Unicode forms.
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "gr\u00FCn", "gru\u0308n_K\u00FCche.wav"), 3);

        Assert.Equal(["k\u00FCche"], DeviceFolders.Open(folder.Path).Recordings.Select(r => r.Sentence).Distinct());
    }

    [Fact]
    public void TimitSpeakersAreReadIgnoringCaseAndExtension()
    {
        using var folder = new TemporaryFolder();
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "TRAIN", "DR1", "FCJF0", "SA1.WAV"), 1);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "TRAIN", "DR1", "FCJF0", "SA1.WAV.wav"), 2);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "TRAIN", "DR1", "FCJF0", "SX37.WAV.wav"), 3);
        FakeCorpus.WriteSound(Path.Combine(folder.Path, "test", "dr8", "mjln0", "sa1.wav"), 4);
        File.WriteAllText(Path.Combine(folder.Path, "TRAIN", "DR1", "FCJF0", "SA1.TXT"), "0 46797 She had your dark suit");

        var corpus = Timit.Open(folder.Path);

        Assert.Equal(["TIMIT"], corpus.Devices);
        Assert.Equal([("SA1", "FCJF0"), ("SA1", "MJLN0"), ("SX37", "FCJF0")],
            corpus.Recordings.Select(r => (r.Sentence, r.Speaker!)).Order());
        Assert.Equal(2, corpus.Ignored.Count);
    }

    [Fact]
    public void ProgressCountsEveryFile()
    {
        using var folder = new TemporaryFolder();
        for (var i = 1; i <= 5; i++)
            FakeCorpus.WriteSound(folder.File($"phone_{i}.wav"), i);
        var reports = new List<WorkProgress>();

        CcnuMobile.Open(folder.Path, new ProgressRecorder(reports));

        Assert.Equal([1, 2, 3, 4, 5], reports.Select(p => p.Done));
        Assert.All(reports, p => Assert.Equal(5, p.Total));
    }

    private sealed class ProgressRecorder(List<WorkProgress> reports) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => reports.Add(value);
    }
}
