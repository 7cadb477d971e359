using DeviceId.Experiments;
using DeviceId.Reporting;
using static DeviceId.Tests.Reporting.Article.Digests;

namespace DeviceId.Tests.Reporting.Article;

/// <summary>The digest of an experiment travels in the HTML of its table.</summary>
public sealed class ExperimentDigestTests
{
    [Fact]
    public void ADigestComesBackFromHtmlAsItWas()
    {
        var digest = Experiment("</script><b>one", -10, 1e-6, Claim("a", "b", null, VerdictKind.CannotTell));
        var html = digest.ToHtml();
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(html, "</script>"));
        var back = Assert.Single(ExperimentDigest.In($"<p>before</p>{html}<p>after</p>"));
        Assert.Equal((digest.Title, digest.Corpus), (back.Title, back.Corpus));
        Assert.Equal(digest.Claims, back.Claims);
        Assert.Equal(digest.Variants.Select(variant => (variant.Name, variant.Identity, variant.Difference)),
            back.Variants.Select(variant => (variant.Name, variant.Identity, variant.Difference)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"id\":\"x\"}")]
    public void WhatIsNoDigestIsLeftOut(string json) =>
        Assert.Empty(ExperimentDigest.In($"<script type=\"application/json\" class=\"deviceid-experiment\">{json}</script>"));
}
