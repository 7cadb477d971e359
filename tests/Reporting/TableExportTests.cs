using DeviceId.Evaluation;
using DeviceId.Reporting;

namespace DeviceId.Tests.Reporting;

public sealed class TableExportTests
{
    private static ResultTable Table => new ResultTable("Costs & gains", "variant", "share (%)", "difference (points), p", "count")
        .Row("DNN_1, \"deep\"", Estimate.FromProportion(1 / 3.0, new Interval(0.3, 0.4, 0.95)), new Missing("reference"), 1)
        .Row("=2+3", Estimate.FromProportion(0.5, new Interval(0.25, 0.75, 0.95)), new Estimate(-1.26, -3, 0.54)
        {
            Format = Estimate.SignedFormat, PValue = new(0.0001),
        }, null).WithNote("Of 5 % of {all}.");

    [Fact]
    public void CsvHoldsTheColumnsOfTheDataFrameWithUnroundedNumbers()
    {
        string[] lines =
        [
            "variant,share (%),\"share, low (%)\",\"share, high (%)\",difference (points),\"difference, low (points)\","
                + "\"difference, high (points)\",\"difference, p\",count",
            "\"DNN_1, \"\"deep\"\"\",33.33333333333333,30,40,,,,,1",
            "'=2+3,50,25,75,-1.26,-3,0.54,0.0001,",
        ];
        Assert.Equal(string.Concat(lines.Select(line => line + "\r\n")), Table.ToCsv());
        Assert.Equal("a,b\r\n", new ResultTable("T", "a", "b").ToCsv());
    }

    [Fact]
    public void EveryNumberOfACsvIsReadBackAsItWas()
    {
        double[] numbers = [1 / 3.0, 1e-300, -123456789.123456789, double.MaxValue, 0.1 + 0.2];
        var table = new ResultTable("T", "x");
        foreach (var number in numbers)
            table.Row(number);
        var read = table.ToCsv().Split("\r\n")[1..^1]
            .Select(line => double.Parse(line, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(numbers, read);
    }

    [Fact]
    public void LatexHasBooktabsRulesEscapedTextAndNumbersOnTheRight()
    {
        const string Expected = """
            % needs \usepackage{booktabs}
            \begin{table}
              \centering
              \caption{Costs \& gains}
              \begin{tabular}{lrrr}
                \toprule
                variant & share (\%) & difference (points), p & count \\
                \midrule
                DNN\_1, ''deep'' & 33.3 [30.0, 40.0] & reference & 1 \\
                =2+3 & 50.0 [25.0, 75.0] & $-$1.3 [$-$3.0, +0.5], p $<$ 0.001 &  \\
                \bottomrule
              \end{tabular}

              \medskip
              \parbox{\linewidth}{\footnotesize Of 5 \% of \{all\}.}
            \end{table}

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), Table.ToLatex());
    }

    [Theory]
    [InlineData("50% & $5 #1 a_b", @"50\% \& \$5 \#1 a\_b")]
    [InlineData(@"\input{x}", @"\textbackslash{}input\{x\}")]
    [InlineData("a~b^c|d>e", @"a\textasciitilde{}b\textasciicircum{}c$|$d$>$e")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("[1, 2]", "{}[1, 2]")]
    [InlineData("*best", "{}*best")]
    [InlineData("iphone-6 x-1", "iphone-6 x-1")]
    [InlineData("≤ 5 µs ± 1 × 2 …", @"$\leq$ 5 $\mu$s $\pm$ 1 $\times$ 2 \ldots{}")]
    public void TextCannotBecomeLatexCode(string cell, string expected) =>
        Assert.Contains($"\n    {expected} \\\\\n", new ResultTable("T", "a").Row(cell).ToLatex(), StringComparison.Ordinal);

    [Fact]
    public void TheEndingOfTheNameChoosesTheFormat()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, text) in new[] { ("a.csv", Table.ToCsv()), ("a.tex", Table.ToLatex()), ("a.MD", Table.ToMarkdown()) })
        {
            Table.Save(folder.File(name));
            Assert.Equal(text, File.ReadAllText(folder.File(name)));
        }

        Assert.Contains(".csv, .tex or .md", Assert.Throws<ArgumentException>(() => Table.Save(folder.File("a.xlsx"))).Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("a.xlsx")));
    }
}
