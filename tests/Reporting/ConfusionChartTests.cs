using System.Text.RegularExpressions;
using DeviceId.Evaluation;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed partial class ConfusionChartTests
{
    [Fact]
    public void DevicesAreSortedByBrandAndModelAndABrandOfSeveralIsFramed()
    {
        string[] devices = ["xiaomi8", "huawei_p20", "IPHONE6(1)", "huawei_nova", "IPHONE6"];
        // All answers are correct except for the first device, which is taken for the second.
        var answers = Enumerable.Range(0, 5).Select(i => new Answer("recording", 0, 1, i, i == 0 ? 1 : i));
        var html = Charts.Confusion(new ConfusionMatrix(devices, answers), "who is who").ToHtml();
        var names = Label().Matches(html).Select(m => m.Groups[1].Value).Distinct().ToArray();
        Assert.Equal(["IPHONE6", "IPHONE6(1)", "huawei_nova", "huawei_p20", "xiaomi8"], names);
        // The last row is xiaomi8's, and its answer is in huawei_p20's column.
        Assert.Matches(@"\[\s*0\.0,\s*0\.0,\s*0\.0,\s*100\.0,\s*0\.0\s*\]\s*\]", html);
        // Apple's two devices and Huawei's two have a frame; a single device has none.
        Assert.Equal(2, Frame().Count(html));
    }

    [GeneratedRegex("\"([A-Za-z0-9_() ]+)  [0-9]\"")]
    private static partial Regex Label();

    [GeneratedRegex("\"hoverinfo\":\\s*\"skip\"")]
    private static partial Regex Frame();
}
