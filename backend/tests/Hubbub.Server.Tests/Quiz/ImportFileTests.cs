using System.Text;
using System.Text.Json;
using Hubbub.Server.Quiz.Import;

namespace Hubbub.Server.Tests.Quiz;

/// <summary>What files are read as. None of these needs a store.</summary>
public sealed class ImportFileTests
{
    private const string Header = "title,category,explanation,option1,option2,option3,option4,option5,option6,correct";

    [Fact]
    public void A_table_is_read_with_quotation_marks_line_breaks_and_gaps()
    {
        var file = Read(
            $"{Header}\r\n\"Who said \"\"a, b\"\"?\",Quotes,\"Two\r\nlines\",x,y,,z,,,4\r\n\r\n,,,,,,,,,\r\n6\" nail?,Tools,,yes,no,,,,,1\r\n");

        Assert.Equal("csv", file.Format);
        Assert.Empty(file.Rows.Errors);
        Assert.Equal(["Who said \"a, b\"?", "6\" nail?"], file.Rows.Questions.Select(q => q.Title));
        Assert.Equal("Two\nlines", file.Rows.Questions[0].Explanation);
        Assert.Equal([("x", false), ("y", false), ("z", true)], file.Rows.Questions[0].Options.Select(o => (o.Title, o.IsCorrect)));
    }

    [Theory]
    [InlineData("Title;Category;Option1;Option2;Correct\na, b, c, d, e;c;x;y;2\n")]
    [InlineData("correct\toption2\toption1\tcategory\ttitle\n2\ty\tx\tc\ta, b, c, d, e")]
    public void A_table_may_have_semicolons_or_tabs_and_its_columns_in_any_order(string text)
    {
        var question = Assert.Single(Read(text).Rows.Questions);

        Assert.Equal("a, b, c, d, e", question.Title);
        Assert.Equal([("x", false), ("y", true)], question.Options.Select(o => (o.Title, o.IsCorrect)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n\t\r\n ", "empty")]
    [InlineData("\ufeff", "empty")]
    [InlineData(Header, "no questions")]
    [InlineData("just some text", "missing: title, category, option1, option2, correct")]
    [InlineData("title,category,option1,option2\na,b,c,d", "missing: correct")]
    [InlineData("title,category,option1,option2,correct,option7,points\na,b,c,d,1,,", "\"option7\", \"points\"")]
    [InlineData("title,category,option1,option2,correct,title\na,b,c,d,1,x", "twice")]
    [InlineData("{", "not valid JSON: line 1, byte 2")]
    [InlineData("{\n \"format\": \"hubbub-quiz\",\n oops }", "not valid JSON: line 3, byte 2")]
    [InlineData("[]", "neither")]
    [InlineData("{}", "not a pack")]
    [InlineData("""{"format":"hubbub-quiz"}""", "version")]
    [InlineData("""{"format":"hubbub-quiz","version":2,"questions":[]}""", "version 2")]
    [InlineData("""{"format":"hubbub-quiz","version":1}""", "no list")]
    [InlineData("""{"format":"hubbub-quiz","version":1,"questions":[]}""", "no questions")]
    [InlineData("""{"format":"hubbub-quiz","version":1,"license":7,"questions":[{}]}""", "license")]
    [InlineData("""{"format":"hubbub-quiz","format":"x","version":1,"questions":[]}""", "twice")]
    [InlineData("""{"response_code":1,"results":[]}""", "response_code 1")]
    [InlineData("""{"response_code":5,"results":[]}""", "too often")]
    [InlineData("""{"response_code":"0","results":[]}""", "no response_code")]
    [InlineData("""{"response_code":0}""", "no results")]
    [InlineData("""{"response_code":0,"results":[]}""", "no questions")]
    public void What_is_no_such_file_is_refused_as_a_whole(string text, string reason) =>
        Assert.Contains(reason, Refusal(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void Broken_encoding_is_refused_and_told_where()
    {
        byte[] broken = [.. Encoding.UTF8.GetBytes($"{Header}\nWas ist h"), 0xFC, .. "her?,c,,a,b,,,,,1\n"u8];
        Assert.Contains("line 2, byte 10", Refusal(broken), StringComparison.Ordinal);
        Assert.Contains("line 2, byte 10", Refusal([.. Encoding.UTF8.GetPreamble(), .. broken]), StringComparison.Ordinal);
        Assert.Contains("UTF-16", Refusal([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Header)]), StringComparison.Ordinal);
        Assert.Contains("line 1, byte 1", Refusal([0x80]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_text()
    {
        foreach (var text in new[] { "title,category,option1,option2,correct\na,b,c,d,1", Pack("""{"title":"a","category":"b","options":["c","d"],"correct":0}""") })
            Assert.Equal("a", Assert.Single(Read($"\ufeff{text}").Rows.Questions).Title);
    }

    [Theory]
    [InlineData("t,c,,a,b,,,,,", "correct")]
    [InlineData("t,c,,a,b,,,,,0", "correct")]
    [InlineData("t,c,,a,b,,,,,3", "correct")]
    [InlineData("t,c,,a,b,,,,,\"1,2\"", "correct")]
    [InlineData("t,c,,a,b,,,,,one", "correct")]
    [InlineData("t,c,,a,,,,,,1", "options")]
    [InlineData("t,c,,a,,a,,,,1", "option3")]
    [InlineData(",c,,a,b,,,,,1", "title")]
    [InlineData("t,,,a,b,,,,,1", "category")]
    [InlineData("t,c,,a,b,,,,,1,more", "")]
    [InlineData("t,c,,\"a\"x,b,,,,,1", "")]
    [InlineData("t,c,,\"a,b,,,,,1", "")]
    public void A_row_of_a_table_that_breaks_a_rule_is_told_by_number_and_field(string row, string field)
    {
        var file = Read($"{Header}\nfine,c,,a,b,,,,,1\n{row}");

        Assert.Equal(2, file.Rows.Count);
        Assert.Equal("fine", Assert.Single(file.Rows.Questions).Title);
        var error = Assert.Single(file.Rows.Errors);
        Assert.Equal((2, field), (error.Row, error.Field));
        Assert.NotEmpty(error.Message);
    }

    [Theory]
    [InlineData("""{"title":"t","category":"c","options":["a","b"]}""", "correct")]
    [InlineData("""{"title":"t","category":"c","options":["a","b"],"correct":2}""", "correct")]
    [InlineData("""{"title":"t","category":"c","options":["a","b"],"correct":[0,1]}""", "correct")]
    [InlineData("""{"title":"t","category":"c","options":["a","b"],"correct":"0"}""", "correct")]
    [InlineData("""{"title":"t","category":"c","options":["a","a"],"correct":0}""", "options[1]")]
    [InlineData("""{"title":"t","category":"c","options":["a",1],"correct":0}""", "options[1]")]
    [InlineData("""{"title":"t","category":"c","options":["a","b","c","d","e","f","g"],"correct":6}""", "options")]
    [InlineData("""{"title":5,"category":"c","options":["a","b"],"correct":0}""", "title")]
    [InlineData("""{"title":"\ud800","category":"c","options":["a","b"],"correct":0}""", "title")]
    [InlineData("""{"title":"a\u0000b","category":"c","options":["a","b"],"correct":0}""", "title")]
    [InlineData("""{"title":"  FINE\u200b ","category":"c","options":["a","b"],"correct":0}""", "title")]
    [InlineData("""{"title":"t","category":"c","options":["a","b"],"correct":0,"license":"a\nb"}""", "license")]
    [InlineData("7", "")]
    public void A_question_of_a_pack_that_breaks_a_rule_is_told_by_number_and_field(string question, string field)
    {
        var file = Read(Pack("""{"title":"Fine","category":"c","options":["a","b"],"correct":1}""", question));

        Assert.Equal("Fine", Assert.Single(file.Rows.Questions).Title);
        var error = Assert.Single(file.Rows.Errors);
        Assert.Equal((2, field), (error.Row, error.Field));
    }

    [Fact]
    public void Open_Trivia_DB_is_read_in_each_of_its_encodings()
    {
        const string Question = "What's \"5 < 6\" & 100%?";
        var html = OpenTrivia(t => t.Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("'", "&#039;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal), Question, encodesType: false);
        var url3986 = OpenTrivia(Uri.EscapeDataString, Question, encodesType: false);
        var legacy = OpenTrivia(System.Net.WebUtility.UrlEncode!, Question, encodesType: false);
        var base64 = OpenTrivia(t => Convert.ToBase64String(Encoding.UTF8.GetBytes(t)), Question, encodesType: true);

        foreach (var text in new[] { html, url3986, legacy, base64 })
        {
            var file = Read(text);
            Assert.Equal("opentdb", file.Format);
            Assert.Empty(file.Rows.Errors);
            Assert.Equal([Question, "Is 2 + 2 = 4?"], file.Rows.Questions.Select(q => q.Title));
            Assert.All(file.Rows.Questions, q => Assert.Equal(
                ("Science: Mathematics", "CC BY-SA 4.0", "Open Trivia Database (https://opentdb.com)"), (q.Category, q.License, q.Attribution)));
            Assert.Equal([("Yes, naïvely", true), ("No", false), ("Perhaps", false)], file.Rows.Questions[0].Options.Select(o => (o.Title, o.IsCorrect)));
        }
    }

    [Fact]
    public void Open_Trivia_DB_questions_that_break_a_rule_are_told_by_number_and_field()
    {
        var text = JsonSerializer.Serialize(new
        {
            response_code = 0,
            results = new object[]
            {
                new { type = "multiple", category = "c", question = "q1", correct_answer = "a", incorrect_answers = new[] { "b", "a" } },
                new { type = "multiple", category = "c", question = "q2", incorrect_answers = new[] { "b" } },
                new { type = "multiple", category = "c", question = "q3", correct_answer = "a", incorrect_answers = "b" },
                new { type = "multiple", category = "c", question = "q4", correct_answer = "&lt;script&gt;", incorrect_answers = new[] { "b" } },
            },
        });

        var rows = Read(text).Rows;

        Assert.Equal([(1, "incorrect_answers[1]"), (2, "correct_answer"), (3, "incorrect_answers"), (3, "options")], rows.Errors.Select(e => (e.Row, e.Field)));
        Assert.Equal("<script>", Assert.Single(rows.Questions).Options[0].Title);
    }

    [Fact]
    public void A_file_with_very_many_errors_lists_the_first_ones_and_counts_the_others()
    {
        var rows = Read($"{Header}\n{string.Concat(Enumerable.Repeat(",c,,a,b,,,,,1\n", 130))}").Rows;

        Assert.Equal((130, 100, 30), (rows.Count, rows.Errors.Count, rows.MoreErrors));
    }

    [Fact]
    public void A_file_with_too_many_rows_is_refused_whatever_its_format()
    {
        var table = Encoding.UTF8.GetBytes($"{Header}\n{string.Concat(Enumerable.Range(0, 5001).Select(i => $"t{i},c,,a,b,,,,,1\n"))}");
        var pack = Encoding.UTF8.GetBytes(Pack([.. Enumerable.Repeat("{}", 5001)]));
        var list = Encoding.UTF8.GetBytes($$"""{"response_code":0,"results":[{{string.Join(',', Enumerable.Repeat("{}", 5001))}}]}""");
        foreach (var file in new[] { table, pack, list })
            Assert.Contains("5,000", Refusal(file), StringComparison.Ordinal);
    }

    private static ImportFile Read(string text)
    {
        Assert.True(ImportFile.Read(Encoding.UTF8.GetBytes(text), format: null).Succeeded(out var file, out var error), error?.Sentence);
        return file!;
    }

    private static string Refusal(byte[] bytes)
    {
        Assert.False(ImportFile.Read(bytes, format: null).Succeeded(out _, out var error));
        Assert.Equal(("unreadable", 400), (error!.Code, error.Status));
        return error.Sentence;
    }

    private static string Pack(params string[] questions) => $$"""{"format":"hubbub-quiz","version":1,"questions":[{{string.Join(',', questions)}}]}""";

    private static string OpenTrivia(Func<string, string> encode, string question, bool encodesType) => JsonSerializer.Serialize(new
    {
        response_code = 0,
        results = new[]
        {
            Result("multiple", question, "Yes, naïvely", "No", "Perhaps"),
            Result("boolean", "Is 2 + 2 = 4?", "True", "False"),
        }.Select(r => new
        {
            type = encodesType ? encode(r.Type) : r.Type,
            difficulty = encodesType ? encode("easy") : "easy",
            category = encode("Science: Mathematics"),
            question = encode(r.Question),
            correct_answer = encode(r.Right),
            incorrect_answers = r.Wrong.Select(encode),
        }),
    });

    private static (string Type, string Question, string Right, string[] Wrong) Result(string type, string question, string right, params string[] wrong) =>
        (type, question, right, wrong);
}
