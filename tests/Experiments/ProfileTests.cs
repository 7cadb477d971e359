using DeviceId.Experiments;
using DeviceId.Identification;
using DeviceId.Tests.Corpora;

namespace DeviceId.Tests.Experiments;

public sealed class ProfileTests
{
    [Fact]
    public void EveryProfileExistsWithoutFileFacts()
    {
        foreach (var plain in Profile.All.Values)
        {
            var without = Profile.Named($"{plain.Name}-without-file-facts");
            Assert.Empty(without.Problems());
            Assert.True(without.HasSizeOf(plain));
            Assert.False(without.Settings.FrontEnd.Normalisation.IsNone);
            Assert.Equal(plain.Settings, without.Settings with { FrontEnd = plain.FrontEnd });
            Assert.Equal(PhoneModelOptions.Sized(plain).Folds, PhoneModelOptions.Sized(without).Folds);
        }
    }

    [Fact]
    public void EveryProfileExistsWithTwoTrainingSentences()
    {
        var corpus = FakeCorpus.Full(devices: 3, sentences: 5);
        foreach (var plain in Profile.All.Values)
        {
            var profile = Profile.Named($"{plain.Name}-two-sentences");
            Assert.True(profile.HasSizeOf(plain));
            Assert.Equal(plain.Settings, profile.Settings);
            var split = Assert.Single(profile.Splits(corpus));
            Assert.Equal(["001", "002"], split.Train.Recordings.Select(recording => recording.Sentence).Distinct().Order());
            Assert.Equal(["003", "004", "005"], split.Test.Recordings.Select(recording => recording.Sentence).Distinct().Order());
        }

        Assert.Equal("quick-without-file-facts-two-sentences", Profile.Named("quick-without-file-facts-two-sentences").Name);
        Assert.Throws<ArgumentException>(() => Profile.Named("quick-two-sentences-without-file-facts"));
        Assert.Single((Profile.Quick with { TrainingSentences = -1 }).Problems());
    }

    [Fact]
    public void AnUnknownProfileIsRefusedWithTheNames() =>
        Assert.Contains("there are smoke, quick, standard, paper",
            Assert.Throws<ArgumentException>(() => Profile.Named("huge-without-file-facts")).Message, StringComparison.Ordinal);
}
