using DeviceId.Classifiers;
using DeviceId.Data;
using DeviceId.Models;
using DeviceId.Training;
using static TorchSharp.torch;

namespace DeviceId.Experiments;

/// <summary>Makes the system that a trial asks for.</summary>
internal static class DeviceSystem
{
    public static IDeviceClassifier Create(
        Trial trial, FrontEnd frontEnd, Device device, IProgress<EpochReport>? training, Action<DeviceNetwork, int> afterEpoch)
    {
        var settings = trial.Settings;
        IDeviceClassifier Trained(DeviceNetwork network) => new NetworkClassifier(network, settings.Training! with { Seed = trial.Seed }, device)
        {
            Training = training,
            AfterEpoch = epoch =>
            {
                afterEpoch(network, epoch);
                return null;
            },
        };
        return settings.System switch
        {
            SystemKind.Pstnn => Trained(Pstnn.Create(settings.Network!, trial.Seed)),
            SystemKind.PreviousWork => Trained(PreviousWork.Create(settings.PreviousWork!, trial.Seed)),
            SystemKind.GmmUbm => new GmmUbm(frontEnd.Background!, settings.FrontEnd.RelevanceFactor, device),
            SystemKind.GsvSvm => new GsvSvm(),
            SystemKind.BedSvm => new BedSvm(settings.FrontEnd.Mfcc.Dimension),
            SystemKind.MeanSvm => new MeanSvm(),
            _ => throw new ArgumentOutOfRangeException(nameof(trial), settings.System, "Unknown system."),
        };
    }
}
