using DeviceId.Experiments;
using DeviceId.Identification;

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
    public void AnUnknownProfileIsRefusedWithTheNames() =>
        Assert.Contains("there are smoke, quick, standard, paper",
            Assert.Throws<ArgumentException>(() => Profile.Named("huge-without-file-facts")).Message, StringComparison.Ordinal);
}
